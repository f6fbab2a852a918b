/** `make images`: builds the images of the product into dist/images, with the engine that is there. */
import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import type { BaseChoice } from "./base-choice.ts";
import { buildImages } from "./build-images.ts";
import { root } from "./product-images.ts";

const usage = `usage: node images/build.ts [--bases registry|machine] [--base IMAGE] [--node IMAGE]
  --bases       only on the published bases, or only on this machine's own Debian packages;
                without it on the published ones if they can be pulled, otherwise on this machine's
  --base, --node  another image in place of the published BASE and NODE, such as one by its digest
`;

function choicesOf(args: readonly string[]): readonly BaseChoice[] {
  const options = { bases: { type: "string" }, base: { type: "string" }, node: { type: "string" } } as const;
  const { bases, base, node } = parseArgs({ args: [...args], options }).values;
  const registry = { from: "registry", names: { ...(base && { BASE: base }), ...(node && { NODE: node }) } } as const;
  if (bases === "registry" || base !== undefined || node !== undefined) return [registry];
  if (bases === "machine") return [{ from: "machine" }];
  if (bases === undefined) return [registry, { from: "machine" }];
  throw new Error(usage);
}

try {
  const archives = await buildImages(choicesOf(process.argv.slice(2)), (sentence) => console.log(`▸ ${sentence}`));
  for (const { tag, file } of archives) {
    const megabytes = ((await stat(file)).size / 1e6).toFixed(1);
    console.log(`${relative(root, file)}  ${megabytes} MB  ${tag}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
