import { readFileSync } from "node:fs";

/** What Linux says of a running process: https://docs.kernel.org/filesystems/proc.html */

/** Megabytes (2^20 bytes) that would be free again if this process ended: pages that another one has mapped too do not count. */
export function privateMegabytes(pid: number): number {
  const sizes = kilobytesByName(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return ((sizes.get("Private_Clean") ?? 0) + (sizes.get("Private_Dirty") ?? 0)) / 1024;
}

/** Megabytes in memory, whoever else has them mapped. */
export function residentMegabytes(pid: number): number {
  return (kilobytesByName(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")).get("Rss") ?? 0) / 1024;
}

function kilobytesByName(rollup: string): Map<string, number> {
  const entries = rollup.matchAll(/^(\w+):\s+(\d+) kB$/gm);
  return new Map(Array.from(entries, ([, name = "", kilobytes]) => [name, Number(kilobytes)]));
}

/** USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time so far, of all its threads, in user and kernel mode. */
export function cpuSeconds(pid: number): number {
  // The second field is the program's name in parentheses and may hold spaces; utime and stime are fields 14 and 15.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Seconds that a core was not idle so far, whoever used it; time that a hypervisor took away counts too. */
export function busySeconds(core: number): number {
  const line = readFileSync("/proc/stat", "utf8")
    .split("\n")
    .find((candidate) => candidate.startsWith(`cpu${core} `));
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (line ?? "")
    .split(" ")
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}
