import { readFileSync } from "node:fs";

/** Who runs where: what is measured has a core to itself, as far as this machine is ours. */
export interface Cores {
  readonly measured: number;
  readonly others: number;
}

export function chooseCores(): Cores {
  const [measured = 0, others = measured] = allowedCores(readFileSync("/proc/self/status", "utf8"));
  return { measured, others };
}

/** The cores that this process may run on, from a list such as `0-2,5`. */
function allowedCores(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "0";
  return list.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The command, pinned to a core. taskset becomes the program that it starts, so the process id is the program's. */
export function pinned(core: number, command: readonly [string, ...string[]]): [string, ...string[]] {
  return ["taskset", "--cpu-list", String(core), ...command];
}
