import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixAttributes } from "../../images/fix-attributes.ts";

test.each([
  ["a file that only its owner may read", 0o600, 0o644],
  ["a file that all may write", 0o666, 0o644],
  ["a program that only its owner may run", 0o700, 0o755],
])("%s is readable for the image's user, and as old as the epoch", async (_what, before, after) => {
  const rootfs = await mkdtemp(join(tmpdir(), "lanyard-rootfs-"));
  try {
    const folder = join(rootfs, "usr");
    const file = join(folder, "file");
    await mkdir(folder);
    await writeFile(file, "");
    await chmod(file, before);
    await chmod(folder, 0o700);
    await fixAttributes(rootfs);
    const [ofFile, ofFolder] = [await stat(file), await stat(folder)];
    expect([ofFile.mode & 0o777, ofFile.mtimeMs]).toEqual([after, 0]);
    expect([ofFolder.mode & 0o777, ofFolder.mtimeMs]).toEqual([0o755, 0]);
  } finally {
    await rm(rootfs, { recursive: true, force: true });
  }
});
