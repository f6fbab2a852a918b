import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../usage-error.ts";

/**
 * One process a directory: two would overwrite each other's state. The lock names the process that holds it, so that
 * one left by a process that died is taken over. Returns how to let go of it.
 */
export async function lockState(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, "lock");
  if (!(await create(file))) {
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (isAlive(holder)) {
      throw new UsageError(
        `--state ${directory} is in use by another lanyard dev (process ${holder}): give each its own`,
      );
    }
    await rm(file, { force: true });
    if (!(await create(file))) throw new UsageError(`--state ${directory} was just taken by another lanyard dev`);
  }
  return () => rm(file, { force: true });
}

/** False when the file is there already. */
async function create(file: string): Promise<boolean> {
  try {
    const lock = await open(file, "wx", 0o600);
    await lock.writeFile(String(process.pid)).finally(() => lock.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Signal 0 asks without sending (POSIX kill). EPERM: it lives, and is somebody else's. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
