/** The programs of the demo, each a process of its own, as they would be on anybody's machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const here = join(import.meta.dirname, "..");
const GIVE_UP_MILLISECONDS = 10_000;

export type Environment = Readonly<Record<string, string>>;

export interface Running {
  /** Lines of its output so far; what it writes later is added. */
  readonly lines: readonly string[];
  /** The first line from index `from` on that the function knows what to do with. */
  until<T>(from: number, wanted: (line: string) => T | undefined): Promise<T>;
  /** Resolves with the exit code. */
  readonly end: Promise<number>;
}

const children = new Set<ChildProcess>();

/** Ends every program that still runs. */
export async function stopAll(): Promise<void> {
  const ends = [...children].map((child) => once(child, "close"));
  for (const child of children) child.kill("SIGTERM");
  await Promise.all(ends);
}

/** Runs a Node program with only the given variables besides PATH and HOME: no credential of this shell gets in. */
export function start(program: string, args: readonly string[], environment: Environment = {}): Running {
  const inherited = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  child.once("close", () => children.delete(child));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const end = once(child, "close").then(([code]) => (code as number | null) ?? 1);
  return {
    lines,
    end,
    until: (from, wanted) => within(program, (resolve) => watchFor({ lines, waiting, from, wanted, resolve })),
  };
}

interface Watch<T> {
  readonly lines: readonly string[];
  readonly waiting: Set<() => void>;
  readonly from: number;
  readonly wanted: (line: string) => T | undefined;
  readonly resolve: (found: T) => void;
}

function watchFor<T>({ lines, waiting, from, wanted, resolve }: Watch<T>): () => void {
  let next = from;
  const look = (): void => {
    while (next < lines.length) {
      const found = wanted(lines[next++] ?? "");
      if (found === undefined) continue;
      waiting.delete(look);
      resolve(found);
      return;
    }
  };
  waiting.add(look);
  look();
  return () => waiting.delete(look);
}

function within<T>(program: string, run: (resolve: (found: T) => void) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let forget = (): void => undefined;
    const timer = setTimeout(() => {
      forget();
      reject(new Error(`${program} did not say what was expected of it within ${GIVE_UP_MILLISECONDS} ms`));
    }, GIVE_UP_MILLISECONDS);
    forget = run((found) => {
      clearTimeout(timer);
      resolve(found);
    });
  });
}

export const programs = {
  lanyard: join(here, "..", "..", "dist", "lanyard.js"),
  inventory: join(here, "inventory.ts"),
  orders: join(here, "orders.ts"),
  rotatePassword: join(here, "rotate-password.ts"),
  readPassword: join(here, "read-password.ts"),
} as const;
