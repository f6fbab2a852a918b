import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs iptables in the network namespace of the pod whose process has this argument; as root on the node itself. */
export async function iptablesIn(argument: string, ...rules: readonly string[]): Promise<void> {
  const pid = pidWith(argument);
  for (const rule of rules) {
    await execute("nsenter", [`--target=${pid}`, "--net", "iptables", "--wait", ...rule.split(" ")]);
  }
}

/** Whether a process of this machine has the argument. */
export function pidWith(argument: string): string {
  const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && argumentsOf(name).includes(argument));
  if (pid === undefined) throw new Error(`No process has the argument "${argument}".`);
  return pid;
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
