import { chmod, lutimes, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BUILD_SECONDS } from "./engine.ts";

/**
 * Makes modes and times depend on what a file is, not on when and by whom it was written: the same files are the same
 * layer, and whatever the umask was, the image's own user can read them.
 */
export async function fixAttributes(rootfs: string): Promise<void> {
  for (const entry of await readdir(rootfs, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, (await isProgram(path)) ? 0o755 : 0o644);
    await lutimes(path, BUILD_SECONDS, BUILD_SECONDS);
  }
}

async function isProgram(path: string): Promise<boolean> {
  return ((await stat(path)).mode & 0o100) !== 0;
}
