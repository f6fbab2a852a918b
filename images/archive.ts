import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../tools/run-command.ts";
import { commandsOf, type Engine } from "./engine.ts";
import type { Bases } from "./published-bases.ts";

/** How an image is made, and the file that it ends up in. */
export interface Recipe {
  readonly tag: string;
  readonly dockerfile: string;
  /** A folder, filled. */
  readonly context: string;
  readonly bases: Bases;
  /** `ARG`s that only describe: another value alone is no reason to build again. */
  readonly labels: Readonly<Record<string, string>>;
  readonly archive: string;
}

/** An image in a file, as `docker save` writes it. */
export interface Archive {
  readonly tag: string;
  readonly file: string;
  /** Of all that its layers come from: the same one, the same image. */
  readonly fingerprint: string;
}

/** The archive, if it is there and made of just what the recipe says. */
export async function findArchive(recipe: Recipe): Promise<Archive | undefined> {
  const fingerprint = await fingerprintOf(recipe);
  const [stamp] = await Promise.all([readFile(stampOf(recipe), "utf8"), access(recipe.archive)]).catch(() => []);
  return stamp === fingerprint ? { tag: recipe.tag, file: recipe.archive, fingerprint } : undefined;
}

export async function buildArchive(recipe: Recipe, engine: Engine): Promise<Archive> {
  const { tag, dockerfile, context, bases, labels, archive: file } = recipe;
  const commands = commandsOf(engine);
  const unfinished = `${file}.${process.pid}`;
  const fingerprint = await fingerprintOf(recipe);
  await mkdir(dirname(file), { recursive: true });
  await runCommand(commands.build({ dockerfile, context, tag, arguments: { ...bases, ...labels } }));
  try {
    await runCommand(commands.save(tag, unfinished));
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  await writeFile(stampOf(recipe), fingerprint);
  // It only saves room: what another build has in its hands may stay.
  if (commands.prune !== undefined) await runCommand(commands.prune).catch(() => undefined);
  return { tag, file, fingerprint };
}

const stampOf = ({ archive }: Recipe): string => `${archive}.stamp`;

/** Of all that the layers come from; not of the labels, nor of when a file was written. */
export async function fingerprintOf({ tag, dockerfile, context, bases }: Recipe): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([tag, bases, await readFile(dockerfile, "utf8")]));
  const entries = await readdir(context, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of paths.sort((one, other) => (one.path < other.path ? -1 : 1))) {
    hash.update(`\n${path.slice(context.length)}\n`);
    if (entry.isSymbolicLink()) hash.update(await readlink(path));
    if (entry.isFile()) hash.update(await readFile(path));
  }
  return hash.digest("hex");
}
