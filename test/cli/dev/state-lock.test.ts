import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockState } from "../../../cli/dev/state-lock.ts";

let directory: string;
let lock: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "state-lock-"));
  lock = join(directory, "lock");
});
afterEach(() => rm(directory, { recursive: true }));

/** A process id that was in use and is not any more. */
const endedProcess = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

describe("a state directory belongs to one process at a time", () => {
  test("it is held until it is let go of", async () => {
    const unlock = await lockState(directory);
    expect(existsSync(lock)).toBe(true);
    await unlock();
    expect(existsSync(lock)).toBe(false);
  });

  test("one that a living process holds is refused, with its number", async () => {
    await writeFile(lock, String(process.ppid));
    await expect(lockState(directory)).rejects.toThrow(`in use by another lanyard dev (process ${process.ppid})`);
    expect(existsSync(lock)).toBe(true);
  });

  test.each([
    ["a process that ended", () => String(endedProcess())],
    ["nobody that can be made out", () => "?"],
    ["a process that died before it wrote its number", () => ""],
  ])("one left by %s is taken over", async (_who, content) => {
    await writeFile(lock, content());
    await (await lockState(directory))();
    expect(existsSync(lock)).toBe(false);
  });
});
