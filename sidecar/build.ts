import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Compiles main.ts with Bun into one binary that needs nothing beside it. With --bytecode nothing is parsed at start, so
 * the first token comes sooner; memory stays the same and the file grows by a thousandth. With --smol garbage is collected
 * more often, which lowers the peaks of memory. Without the files that Bun would read from the folder it is started in:
 * whoever can write there would set the environment.
 */
export function buildSidecar(outfile: string): void {
  mkdirSync(dirname(outfile), { recursive: true });
  const bun = join(ROOT, "node_modules", ".bin", "bun");
  const main = join(ROOT, "sidecar", "main.ts");
  const flags = ["--compile", "--minify", "--bytecode", "--compile-exec-argv=--smol"];
  const noFiles = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  execFileSync(bun, ["build", main, ...flags, ...noFiles, "--outfile", outfile], { stdio: "pipe" });
}

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

if (import.meta.main) {
  const outfile = join(ROOT, "dist", "lanyard-sidecar");
  const start = performance.now();
  buildSidecar(outfile);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const megabytes = (statSync(outfile).size / 1e6).toFixed(0);
  console.log(`dist/lanyard-sidecar: ${megabytes} MB, built in ${seconds} s`);
}
