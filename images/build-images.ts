import { join } from "node:path";
import { runCommand } from "../tools/run-command.ts";
import { type Archive, buildArchive, findArchive, type Recipe } from "./archive.ts";
import { type BaseChoice, basesOf, prepareBases } from "./base-choice.ts";
import { ensureEngine } from "./find-engine.ts";
import { type ProductImage, productImages, root, version } from "./product-images.ts";
import { fillStage } from "./stage.ts";

export type Say = (sentence: string) => void;

const names: Readonly<Record<BaseChoice["from"], string>> = {
  registry: "the published base",
  machine: "a base made of this machine's Debian packages, for tests",
};

/** Builds what changed, one file an image in `dist/images`, on the first of the choices that can be had. */
export async function buildImages(choices: readonly BaseChoice[], say: Say): Promise<readonly Archive[]> {
  const archives: Archive[] = [];
  for (const image of productImages) archives.push(await buildImage(image, choices, say));
  return archives;
}

async function buildImage(image: ProductImage, choices: readonly BaseChoice[], say: Say): Promise<Archive> {
  const context = join(root, "dist/images/stage", image.name);
  await fillStage(image.stage, root, join(context, "rootfs"));
  const recipes = await Promise.all(
    choices.map(async (choice) => ({ choice, recipe: await recipeOf(image, choice, context) })),
  );
  for (const { recipe } of recipes) {
    const found = await findArchive(recipe);
    if (found !== undefined) return found;
  }
  const engine = await ensureEngine();
  for (const { choice, recipe } of recipes) {
    if (!(await prepareBases(image, choice, engine))) continue;
    say(`Building ${image.tag} with ${engine.name} on ${names[choice.from]}`);
    return buildArchive(recipe, engine);
  }
  throw new Error(`${engine.name} cannot pull the base of ${image.tag}: name another with --base and --node.`);
}

async function recipeOf(image: ProductImage, choice: BaseChoice, context: string): Promise<Recipe> {
  return {
    tag: image.tag,
    dockerfile: image.dockerfile,
    context,
    bases: await basesOf(image, choice),
    labels: { VERSION: version, REVISION: await revision() },
    archive: join(root, `dist/images/${image.name}.tar`),
  };
}

/** The commit, marked when files differ from it; empty outside a checkout. */
async function revision(): Promise<string> {
  const describe = ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"] as const;
  return (await runCommand(describe, { cwd: root }).catch(() => "")).trim();
}
