import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { atExit } from "./at-exit.ts";
import { pinned } from "./cores.ts";
import type { IssuerMessage, SampleMemory } from "./issuer-process.ts";

export type MemorySample = Extract<IssuerMessage, { kind: "memory" }>;

/** A process that answers token exchanges over TLS. */
export interface TokenService {
  readonly pid: number;
  readonly url: string;
  stop(): void;
}

/** issuer-process.ts, running. */
export interface BenchIssuer extends TokenService {
  /** Holds its certificate, and what clients send. */
  readonly folder: string;
  /** Counts from now on, and tells of its memory now and after every so many tokens. */
  sampleMemory(everyTokens: number, onSample: (sample: MemorySample) => void): void;
}

/** Resolves once it serves. The folder holds its certificate and gets what clients send. */
export async function startBenchIssuer(folder: string, core: number): Promise<BenchIssuer> {
  const { child, service } = await start("issuer-process.ts", folder, core);
  return {
    ...service,
    folder,
    sampleMemory(everyTokens, onSample) {
      child.on("message", (message: IssuerMessage) => message.kind === "memory" && onSample(message));
      child.send({ everyTokens } satisfies SampleMemory);
    },
  };
}

/** bare-issuer-process.ts, running. */
export async function startBareIssuer(folder: string, core: number): Promise<TokenService> {
  return (await start("bare-issuer-process.ts", folder, core)).service;
}

async function start(
  file: string,
  folder: string,
  core: number,
): Promise<{ child: ChildProcess; service: TokenService }> {
  const main = join(import.meta.dirname, file);
  const [taskset, ...args] = pinned(core, [process.execPath, "--expose-gc", main, folder]);
  const child = spawn(taskset, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  atExit(() => child.kill());
  const port = await readyPort(child);
  const stop = (): void => void child.kill();
  return { child, service: { pid: child.pid ?? 0, url: `https://localhost:${port}`, stop } };
}

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the issuer ended with code ${code} before it served`)));
    child.on("message", (message: IssuerMessage) => message.kind === "ready" && resolve(message.port));
  });
}
