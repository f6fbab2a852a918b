import { chmod, readFile, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { rolldown } from "rolldown";
import program from "../rolldown.config.ts";

/**
 * Writes the whole program with all its packages in it: 3 MB, where node_modules would be a hundred. Resolves with the
 * folders of the packages that something of is in it.
 */
export async function bundleProgram(root: string, folder: string): Promise<readonly string[]> {
  const bundle = await rolldown({ ...program, cwd: root, external: [...builtinModules, /^node:/] });
  try {
    const { output } = await bundle.write({ ...program.output, dir: folder, sourcemap: false, minify: true });
    await nameInterpreter(join(folder, "lanyard.js"));
    const modules = output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
    return [...new Set(modules.flatMap(packageFolder))].sort();
  } finally {
    await bundle.close();
  }
}

/** The image has no `env` to look for Node, so the program says where it is. */
async function nameInterpreter(program: string): Promise<void> {
  const text = await readFile(program, "utf8");
  await writeFile(program, text.replace(/^#!.*/, "#!/usr/local/bin/node"));
  await chmod(program, 0o755);
}

/** `…/node_modules/@scope/name`, of the innermost package that the module belongs to. */
function packageFolder(module: string): readonly string[] {
  const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module) ?? [];
  return folder === undefined ? [] : [folder];
}
