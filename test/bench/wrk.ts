import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";
import { pinned } from "./cores.ts";
import { median } from "./median.ts";
import { busySeconds, cpuSeconds } from "./process-figures.ts";

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Where the load generator runs. */
  readonly core: number;
  /** The process that serves, and where it runs. */
  readonly pid: number;
  readonly servingCore: number;
  readonly header?: string;
  /** A file of forms, one a line, to be posted in turn; without it the URL is fetched. */
  readonly forms?: string;
}

export interface LoadFigures {
  readonly perSecond: number;
  /** Requests per second of processor time that the server used: what a core of its own would give. */
  readonly perCpuSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** How much of the serving core went to other programs meanwhile: 0 on a quiet machine, to 1. */
  readonly disturbance: number;
}

/** Each figure's own median. */
export function medians(rounds: readonly LoadFigures[]): LoadFigures {
  const of = (figure: keyof LoadFigures): number => median(rounds.map((round) => round[figure]));
  return {
    perSecond: of("perSecond"),
    perCpuSecond: of("perCpuSecond"),
    p50Milliseconds: of("p50Milliseconds"),
    p99Milliseconds: of("p99Milliseconds"),
    disturbance: of("disturbance"),
  };
}

/** What load.lua prints; times in microseconds. */
interface Printed {
  readonly requests: number;
  readonly duration: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
  readonly broken: number;
}

/** Rejects unless every request was answered with success. */
export async function putUnderLoad(load: Load): Promise<LoadFigures> {
  const before = { cpu: cpuSeconds(load.pid), busy: busySeconds(load.servingCore) };
  const printed = parse(await runCommand(wrk(load)));
  const cpu = cpuSeconds(load.pid) - before.cpu;
  const busy = busySeconds(load.servingCore) - before.busy;
  const { requests, refused, broken } = printed;
  if (requests === 0 || refused > 0 || broken > 0) {
    throw new Error(`${load.url}: of ${requests} requests ${refused} were refused and ${broken} broke off`);
  }
  const seconds = printed.duration / 1e6;
  return {
    perSecond: requests / seconds,
    perCpuSecond: requests / cpu,
    p50Milliseconds: printed.p50 / 1000,
    p99Milliseconds: printed.p99 / 1000,
    disturbance: Math.max(0, (busy - cpu) / seconds),
  };
}

function wrk({ url, connections, seconds, core, header, forms }: Load): [string, ...string[]] {
  return pinned(core, [
    ...(["wrk", "--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`] as const),
    ...["--timeout", "10s", "--script", join(import.meta.dirname, "load.lua")],
    ...(header === undefined ? [] : ["--header", header]),
    url,
    ...(forms === undefined ? [] : ["--", forms]),
  ]);
}

function parse(output: string): Printed {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  return JSON.parse(line);
}
