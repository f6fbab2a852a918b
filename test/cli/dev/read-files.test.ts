import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readManifestFiles } from "../../../cli/dev/read-files.ts";
import { temporaryDirectory } from "./dev-world.ts";

const namespace = (name: string): string =>
  `{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "${name}"}}`;

async function read(
  files: Readonly<Record<string, string>>,
  path = "",
): Promise<{ names: string[]; problems: string[] }> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "deeper"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  await symlink("nowhere", join(directory, ".#a.yaml"));
  const { manifests, problems } = await readManifestFiles([join(directory, path)]);
  return {
    names: manifests.map(({ manifest }) => manifest.metadata.name),
    problems: problems.map(({ file, message }) => `${file.slice(directory.length)}: ${message}`),
  };
}

test("of a directory the manifests are read in the order of their names, and nothing else", async () => {
  const files = { "b.yaml": namespace("b"), "a.json": namespace("a"), "c.YML": namespace("c"), "notes.txt": "hello" };
  const hidden = { ".draft.yaml": "not: {finished", "deeper/d.yaml": namespace("d") };
  expect(await read({ ...files, ...hidden })).toEqual({ names: ["a", "b", "c"], problems: [] });
});

test("a file is read whatever its name is", async () => {
  expect(await read({ "notes.txt": namespace("a") }, "notes.txt")).toEqual({ names: ["a"], problems: [] });
});

test("what cannot be read is a problem of that file, beside the others", async () => {
  const large = `# ${"x".repeat(5 * 1024 * 1024)}`;
  expect(await read({ "a.yaml": large, "b.yaml": namespace("b") })).toEqual({
    names: ["b"],
    problems: [expect.stringMatching(/^\/a\.yaml: larger than \d+ bytes, so it is no manifest$/)],
  });
  expect((await read({}, "missing.yaml")).problems).toEqual(["/missing.yaml: no such file or directory"]);
});

test("a directory with the name of a manifest is a problem of its own", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "odd.yaml"));
  const { problems } = await readManifestFiles([directory]);
  expect(problems).toMatchObject([{ file: join(directory, "odd.yaml"), message: "a directory, not a file" }]);
});
