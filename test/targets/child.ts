import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

export interface ChildOptions {
  /** All the variables that it gets. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** What a program that ended leaves behind: all that it wrote, on whichever stream. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A program that runs until it is stopped. */
export interface Child {
  /** All that it wrote so far, on whichever stream. */
  readonly output: () => string;
  readonly isRunning: () => boolean;
  /** Resolves once it has ended. */
  readonly stop: () => Promise<void>;
}

/** Runs a program to its end. Rejects only when it could not be started. */
export async function runToEnd(command: Command, options: ChildOptions): Promise<Ended> {
  const { child, written } = launch(command, options);
  const [code]: [number | null] = (await once(child, "close")) as [number | null];
  return { code, output: written() };
}

/** Resolves when the program writes a line that is `ready`; rejects, with what it wrote, when it ends before that. */
export async function startChild(command: Command, options: ChildOptions, ready: RegExp): Promise<Child> {
  const { child, written } = launch(command, options);
  const closed = once(child, "close");
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => ready.test(line) && resolve());
    }
    closed.then(() => reject(new Error(`${command.join(" ")} ended before it was ready:\n${written()}`)), reject);
  });
  return {
    output: written,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: () => stop(child, closed),
  };
}

const running = new Set<ChildProcess>();
/** A test that gives up, in the middle of starting something, leaves nothing behind. */
process.once("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

function launch([program, ...args]: Command, { env, cwd }: ChildOptions) {
  const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { child, written: () => Buffer.concat(chunks).toString() };
}

async function stop(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  await closed;
}
