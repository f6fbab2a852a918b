import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { atExit } from "./at-exit.ts";
import { pinned } from "./cores.ts";
import type { IssuerMessage, SampleMemory } from "./issuer-process.ts";

export type MemorySample = Extract<IssuerMessage, { kind: "memory" }>;

/** issuer-process.ts, running. */
export interface BenchIssuer {
  readonly pid: number;
  readonly url: string;
  readonly folder: string;
  /** Counts from now on, and tells of its memory now and after every so many tokens. */
  sampleMemory(everyTokens: number, onSample: (sample: MemorySample) => void): void;
  stop(): void;
}

/** Resolves once it serves. The folder holds its certificate and gets what clients send. */
export async function startBenchIssuer(folder: string, core: number): Promise<BenchIssuer> {
  const [taskset, ...args] = pinned(core, [process.execPath, "--expose-gc", MAIN, folder]);
  const child = spawn(taskset, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  atExit(() => child.kill());
  const port = await readyPort(child);
  return {
    pid: child.pid ?? 0,
    url: `https://localhost:${port}`,
    folder,
    sampleMemory(everyTokens, onSample) {
      child.on("message", (message: IssuerMessage) => message.kind === "memory" && onSample(message));
      child.send({ everyTokens } satisfies SampleMemory);
    },
    stop: () => void child.kill(),
  };
}

const MAIN = join(import.meta.dirname, "issuer-process.ts");

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the issuer ended with code ${code} before it served`)));
    child.on("message", (message: IssuerMessage) => message.kind === "ready" && resolve(message.port));
  });
}
