import * as functions from "node:fs/promises";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretsDirectory } from "../../../sidecar/secret-files/secrets-directory.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanyard-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const directory = (mode: 0o400 | 0o440 = 0o400) => secretsDirectory(folder, mode, functions);

describe("the directory of secrets", () => {
  test.each([0o400, 0o440] as const)("has files of mode %o, whatever the umask", async (mode) => {
    const umask = process.umask(0o077);
    try {
      await directory(mode).write("a", bytes("value"));
    } finally {
      process.umask(umask);
    }
    expect((await lstat(join(folder, "a"))).mode & 0o7777).toBe(mode);
    expect(await readdir(folder)).toEqual(["a"]);
  });

  test("holds each value byte for byte", async () => {
    const value = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);
    await directory().write("binary", value);
    expect(new Uint8Array(await readFile(join(folder, "binary")))).toEqual(value);
  });

  test("puts a whole new file in the place of the old one, which a reader that opened it goes on reading", async () => {
    await directory().write("a", bytes("old"));
    const reader = await functions.open(join(folder, "a"), "r");
    await directory().write("a", bytes("new"));
    const [before, after] = [await reader.readFile("utf8"), await readFile(join(folder, "a"), "utf8")];
    await reader.close();
    expect([before, after]).toEqual(["old", "new"]);
  });

  test("leaves the old file whole when the new one cannot be written", async () => {
    await directory().write("a", bytes("old"));
    const full = { ...functions, open: () => Promise.reject(new Error("ENOSPC")) };
    await expect(secretsDirectory(folder, 0o400, full).write("a", bytes("new"))).rejects.toThrow("ENOSPC");
    expect(await readFile(join(folder, "a"), "utf8")).toBe("old");
  });

  test.each(["a", ".a.new"])("writes through no link that has the name %s", async (name) => {
    const elsewhere = join(folder, "elsewhere");
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, "target"), "theirs");
    await symlink(join(elsewhere, "target"), join(folder, name));
    await directory().write("a", bytes("value"));
    expect(await readFile(join(elsewhere, "target"), "utf8")).toBe("theirs");
    expect((await lstat(join(folder, "a"))).isFile()).toBe(true);
  });

  test("nor through one that is put there in the last moment", async () => {
    const target = join(folder, "target");
    await writeFile(target, "theirs");
    const late = { ...functions, rm: () => symlink(target, join(folder, ".a.new")) };
    await expect(secretsDirectory(folder, 0o400, late).write("a", bytes("value"))).rejects.toThrow("EEXIST");
    expect(await readFile(target, "utf8")).toBe("theirs");
  });

  test("replaces no directory", async () => {
    await mkdir(join(folder, "a"));
    await expect(directory().write("a", bytes("value"))).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY/);
  });

  test("clears what a write that was cut off has left, and nothing else", async () => {
    await Promise.all([".a.new", "a", "b.new", ".new"].map((name) => writeFile(join(folder, name), "")));
    await directory().clear();
    expect((await readdir(folder)).sort()).toEqual([".new", "a", "b.new"]);
  });

  test("removes a file, and is content when there is none", async () => {
    await directory().write("a", bytes("value"));
    await directory().remove("a");
    await directory().remove("a");
    expect(await readdir(folder)).toEqual([]);
  });
});
