import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pidFile } from "./component.ts";
import { folders } from "./layout.ts";

const PATIENCE_MS = 10_000;
const POLL_MS = 20;

/** The names of the components that were started and not stopped. */
export function startedComponents(): readonly string[] {
  try {
    return readdirSync(folders.pids);
  } catch {
    return [];
  }
}

/** Asks a component to end, and resolves when it has; one that does not within ten seconds is killed. */
export async function stopComponent(name: string): Promise<void> {
  const pid = runningPid(name);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    if (!(await hasEndedWithin(PATIENCE_MS, name))) process.kill(pid, "SIGKILL");
    await hasEndedWithin(PATIENCE_MS, name);
  }
  await rm(pidFile(name), { force: true });
}

async function hasEndedWithin(milliseconds: number, name: string): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (runningPid(name) !== undefined) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Nothing when the process is gone, or when its number is another program's by now. */
export function runningPid(name: string): number | undefined {
  try {
    const [pid = "", program] = readFileSync(pidFile(name), "utf8").trim().split(" ");
    const [started = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return basename(started) === program ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}
