import { builtinModules } from "node:module";
import { rolldown } from "rolldown";

export interface BundleRequest {
  /** The checkout. */
  readonly root: string;
  /** The name of each program → its source, seen from the root. */
  readonly programs: Readonly<Record<string, string>>;
  readonly folder: string;
}

/**
 * Writes `NAME.js` for each program, with all its packages in it: 3 MB, where node_modules would be a hundred. Resolves
 * with the folders of the packages that something of is in it.
 */
export async function bundle({ root, programs, folder }: BundleRequest): Promise<readonly string[]> {
  const external = [...builtinModules, /^node:/];
  const bundled = await rolldown({ input: { ...programs }, cwd: root, platform: "node", external });
  try {
    const names = { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" };
    const { output } = await bundled.write({ ...names, dir: folder, format: "esm", minify: true });
    const modules = output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
    return [...new Set(modules.flatMap(packageFolder))].sort();
  } finally {
    await bundled.close();
  }
}

/** `…/node_modules/@scope/name`, of the innermost package that the module belongs to. */
function packageFolder(module: string): readonly string[] {
  const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module) ?? [];
  return folder === undefined ? [] : [folder];
}
