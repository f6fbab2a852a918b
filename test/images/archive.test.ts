import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findArchive, fingerprintOf, type Recipe } from "../../images/archive.ts";

let folder: string;
let recipe: Recipe;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanyard-archive-"));
  recipe = {
    tag: "lanyard.dev/a:1",
    dockerfile: join(folder, "Dockerfile"),
    context: folder,
    bases: { BASE: "base:1" },
    labels: { REVISION: "abc" },
    archive: join(folder, "no-such.tar"),
  };
  await writeFile(recipe.dockerfile, "FROM scratch\n");
  await writeFile(join(folder, "program"), "1");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("an image is built again when", () => {
  test.each<[string, (recipe: Recipe) => Promise<Recipe>]>([
    ["a file has other contents", (recipe) => written(recipe, "program", "2")],
    ["a file is new", (recipe) => written(recipe, "another", "1")],
    ["the Dockerfile differs", (recipe) => written(recipe, "Dockerfile", "FROM scratch\nUSER 1:1\n")],
    ["its base is another", (recipe) => Promise.resolve({ ...recipe, bases: { BASE: "base:2" } })],
    ["its tag is another", (recipe) => Promise.resolve({ ...recipe, tag: "lanyard.dev/a:2" })],
  ])("%s", async (_rule, change) => {
    const before = await fingerprintOf(recipe);
    expect(await fingerprintOf(await change(recipe))).not.toBe(before);
  });

  test("there is no archive of it", async () => {
    expect(await findArchive(recipe)).toBeUndefined();
  });
});

describe("it is not when only", () => {
  test.each<[string, (recipe: Recipe) => Promise<Recipe>]>([
    ["the commit is another", (recipe) => Promise.resolve({ ...recipe, labels: { REVISION: "def" } })],
    ["a file was touched", (recipe) => touched(recipe, "program")],
  ])("%s", async (_rule, change) => {
    const before = await fingerprintOf(recipe);
    expect(await fingerprintOf(await change(recipe))).toBe(before);
  });
});

async function written(recipe: Recipe, name: string, text: string): Promise<Recipe> {
  await writeFile(join(recipe.context, name), text);
  return recipe;
}

async function touched(recipe: Recipe, name: string): Promise<Recipe> {
  await utimes(join(recipe.context, name), 1, 1);
  return recipe;
}
