import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Archive, buildArchive, findArchive, type Recipe } from "../../../images/archive.ts";
import { ensureEngine } from "../../../images/find-engine.ts";
import { fillGathered, type Gathered } from "../../../images/gathered.ts";
import { localBase, localNode, localTag, provide } from "../../../images/local-bases.ts";
import { runCommand } from "../../../tools/run-command.ts";
import { isInstalled } from "../../conformance/installation.ts";
import type { LanguageName } from "../../conformance/languages.ts";
import { gatherApp } from "./gather-app.ts";

/** An application with the unmodified SDK of a language, as a pod names its image. */
export function appImage(language: LanguageName): string {
  return `lanyard.dev/test/app-${language}:1`;
}

const names: readonly LanguageName[] = ["javascript", "python", "go", "java"];
const onBase = { BASE: localBase };
const bases: Readonly<Record<LanguageName, Readonly<Record<string, Gathered>>>> = {
  javascript: { BASE: localBase, NODE: localNode },
  python: onBase,
  go: onBase,
  java: onBase,
};

/** Builds the applications of all languages, those that changed: one file each, outside the checkout. */
export async function buildAppImages(): Promise<readonly Archive[]> {
  const missing = names.filter((language) => !existsSync(gatherApp(language).folder));
  if (!missing.every(isInstalled)) await installSdks();
  await Promise.all(missing.map((language) => fillGathered(gatherApp(language))));
  const archives: Archive[] = [];
  for (const language of names) archives.push(await buildAppImage(language));
  return archives;
}

async function installSdks(): Promise<void> {
  await runCommand([process.execPath, join(import.meta.dirname, "../../conformance/install.ts")]);
}

async function buildAppImage(language: LanguageName): Promise<Archive> {
  const { folder } = gatherApp(language);
  const recipe: Recipe = {
    tag: appImage(language),
    dockerfile: join(import.meta.dirname, language, "Dockerfile"),
    context: folder,
    bases: Object.fromEntries(Object.entries(bases[language]).map(([name, base]) => [name, localTag(base)])),
    labels: {},
    archive: `${folder}.tar`,
  };
  const found = await findArchive(recipe);
  if (found !== undefined) return found;
  const engine = await ensureEngine();
  for (const base of Object.values(bases[language])) await provide(base, engine);
  return buildArchive(recipe, engine);
}
