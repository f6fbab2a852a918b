import { readFile } from "node:fs/promises";
import { findTool } from "../tools/find-tool.ts";
import { runCommand } from "../tools/run-command.ts";
import { commandsOf, type Engine } from "./engine.ts";
import { localTag, provide } from "./local-bases.ts";
import type { ProductImage } from "./product-images.ts";
import { type Bases, publishedBases } from "./published-bases.ts";

/** What images are built on. */
export type BaseChoice =
  /** The published bases; `names` puts others in their place. */
  | { readonly from: "registry"; readonly names: Bases }
  /** This machine's own Debian: nothing is pulled. */
  | { readonly from: "machine" };

export async function basesOf({ dockerfile, localBases }: ProductImage, choice: BaseChoice): Promise<Bases> {
  if (choice.from === "machine") {
    return Object.fromEntries(Object.entries(localBases).map(([name, base]) => [name, localTag(base)]));
  }
  const published = Object.entries(publishedBases(await readFile(dockerfile, "utf8")));
  return Object.fromEntries(published.map(([name, image]) => [name, choice.names[name] ?? image]));
}

/** Whether the engine has the bases now. */
export async function prepareBases(image: ProductImage, choice: BaseChoice, engine: Engine): Promise<boolean> {
  if (choice.from === "machine") {
    if (findTool("apt-get") === undefined) return false;
    for (const base of Object.values(image.localBases)) await provide(base, engine);
    return true;
  }
  for (const base of Object.values(await basesOf(image, choice))) {
    if (!(await canPull(base, engine))) return false;
  }
  return true;
}

function canPull(base: string, engine: Engine): Promise<boolean> {
  return runCommand(commandsOf(engine).pull(base)).then(
    () => true,
    () => false,
  );
}
