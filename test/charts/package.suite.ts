import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../tools/run-command.ts";
import { helm } from "./chart.ts";

const script = join(import.meta.dirname, "../../charts/package.ts");
const [lanyard, sidecar] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanyard-packed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pack = (...args: readonly string[]): Promise<string> =>
  runCommand([process.execPath, script, `--destination=${folder}`, ...args]);

test("a packed chart names its images by digest, and needs no value", async () => {
  const printed = await pack("--registry=registry.example.com/id", `--lanyard=${lanyard}`, `--sidecar=${sidecar}`);
  const packed = /: (\S+[.]tgz)$/.exec(printed.trim())?.[1] ?? "";
  const rendered = await helm("template", "lanyard", packed);
  const images = new Set([...rendered.matchAll(/registry[.]example[.]com\S+?(?="?$)/gm)].map(([image]) => image));
  expect([...images].sort()).toEqual([
    `registry.example.com/id/lanyard@${lanyard}`,
    `registry.example.com/id/sidecar@${sidecar}`,
  ]);
});

test.each([
  [["--registry=registry.example.com/id"]],
  [[`--lanyard=${lanyard}`, `--sidecar=${sidecar}`]],
  [["--registry=registry.example.com/id", "--lanyard=0.1.0", `--sidecar=${sidecar}`]],
])("%j is not enough for a release", async (args) => {
  await expect(pack(...args)).rejects.toThrow("names its registry, and each image by digest");
});
