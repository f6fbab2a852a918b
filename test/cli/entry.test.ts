import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { transformSync } from "rolldown/utils";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { nodeVersionProblem } from "../../cli/node-version.ts";
import config from "../../rolldown.config.ts";

const root = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

interface Chunk {
  readonly fileName: string;
  readonly code: string;
  readonly imports: readonly string[];
}
let chunks: readonly Chunk[] = [];
const entry = (): Chunk =>
  chunks.find(({ fileName }) => fileName === "lanyard.js") ?? { fileName: "", code: "", imports: [] };

beforeAll(async () => {
  if (Array.isArray(config) || typeof config === "function") throw new TypeError("one configuration is expected");
  const build = await rolldown({ ...config, cwd: root, logLevel: "silent" });
  const output = Array.isArray(config.output) ? config.output[0] : config.output;
  const { output: parts } = await build.generate(output);
  await build.close();
  chunks = parts.filter((part) => part.type === "chunk");
});

test("the entry has no syntax that an older Node would have to be spared", () => {
  const { code } = entry();
  const spared = transformSync("lanyard.js", code, { target: "es2018" });
  const asItIs = transformSync("lanyard.js", code, { target: "esnext" });
  expect(spared.errors).toEqual([]);
  expect(spared.code).toBe(asItIs.code);
  expect(code).not.toMatch(/^await |\bimport [^;]* with \{/m);
});

test("the check of the syntax notices newer syntax", () => {
  const newer = "export const first = (list) => list?.[0] ?? 1;";
  const codes = ["es2018", "esnext"].map((target) => transformSync("newer.js", newer, { target }).code);
  expect(codes[0]).not.toBe(codes[1]);
});

test("the entry loads nothing at once but what every Node has", () => {
  expect(entry().imports).toEqual(["node:fs"]);
});

/** The first Node on the PATH that is too old for this program, or undefined. */
async function tooOldNode(): Promise<string | undefined> {
  const { engines } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { engines: { node: string } };
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const program = join(folder, "node");
    const version = await run(program, ["--version"]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version !== undefined && nodeVersionProblem(version, engines.node) !== undefined) return program;
  }
  return undefined;
}

test("an older Node prints the message, and exits with 2", async (context) => {
  const program = await tooOldNode();
  if (program === undefined) return context.skip("no Node on the PATH is too old");
  const folder = await mkdtemp(join(tmpdir(), "lanyard-entry-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { engines } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { engines: object };
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", version: "0.0.0", engines }));
  const dist = join(folder, "dist");
  await mkdir(dist);
  for (const { fileName, code } of chunks) await writeFile(join(dist, fileName), code);
  const failed = await run(program, [join(dist, "lanyard.js")]).then(
    () => undefined,
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed?.code).toBe(2);
  expect(failed?.stderr).toMatch(/^lanyard needs Node \d+\.\d+ or newer, this is v[\d.]+\. .*\n$/);
});
