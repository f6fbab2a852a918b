import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A limit on the memory of one process, enforced by the kernel. https://docs.kernel.org/admin-guide/cgroup-v2.html#memory */
export interface MemoryCgroup {
  /** Starts a program inside the group. */
  command(program: readonly string[]): readonly string[];
  remove(): void;
}

const ROOT = "/sys/fs/cgroup";
const v1 = { parent: join(ROOT, "memory"), limit: "memory.limit_in_bytes" };
const v2 = { parent: ROOT, limit: "memory.max" };

/** Returns undefined where this user may not create memory cgroups. */
export function createMemoryCgroup(name: string, limitBytes: number): MemoryCgroup | undefined {
  const { parent, limit } = existsSync(v1.parent) ? v1 : v2;
  const folder = join(parent, `lanyard-hostile-${process.pid}-${name}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, limit), String(limitBytes));
  } catch {
    rmdirQuietly(folder);
    return undefined;
  }
  return {
    command: (program) => ["sh", "-c", 'echo $$ > "$0" && exec "$@"', join(folder, "cgroup.procs"), ...program],
    remove: () => rmdirQuietly(folder),
  };
}

function rmdirQuietly(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It does not exist, or a process in it has not ended yet.
  }
}

/** Starts a new measurement of the highest resident memory. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/**
 * Returns the highest resident memory since the last reset, in bytes, without the pages of files: the kernel gives those
 * back before it kills a process at its limit. Returns undefined once the process has ended.
 */
export function peakBytes(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return (kibibytes(status, "VmHWM") - kibibytes(status, "RssFile")) * 1024;
  } catch {
    return undefined;
  }
}

const kibibytes = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
