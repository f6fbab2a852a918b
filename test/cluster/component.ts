import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folders } from "./layout.ts";

/** One process of the cluster. */
export interface Component {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What runs in the end, where the command is a program that starts another in its own place. */
  readonly becomes?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it does its work by now. A rejection means no. */
  readonly isReady: () => Promise<boolean>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 50;

export const logFile = (name: string): string => join(folders.logs, `${name}.log`);
export const pidFile = (name: string): string => join(folders.pids, name);

/** Starts a component that outlives this process, and resolves once it is ready. Rejects with the end of its log. */
export async function startComponent(component: Component): Promise<void> {
  const child = await launch(component);
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await component.isReady().catch(() => false))) {
    if (hasEnded(child))
      throw new Error(await complaint(component.name, `ended with ${child.signalCode ?? child.exitCode}`));
    if (performance.now() > deadline) throw new Error(await complaint(component.name, "is not ready after a minute"));
    await sleep(POLL_MS);
  }
}

async function launch({ name, command, becomes, environment }: Component): Promise<ChildProcess> {
  await mkdir(folders.logs, { recursive: true });
  await mkdir(folders.pids, { recursive: true });
  const log = openSync(logFile(name), "a");
  const [program, ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...environment },
    cwd: folders.run,
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(new Error(`${name} did not start: ${error.message}`)));
  });
  child.unref();
  await writeFile(pidFile(name), `${child.pid} ${basename(becomes ?? program)}\n`);
  return child;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function complaint(name: string, what: string): Promise<string> {
  const log = await readFile(logFile(name), "utf8");
  const end = log.trimEnd().split("\n").slice(-10).join("\n");
  return `${name} ${what}. The end of its log, ${logFile(name)}:\n${end}`;
}
