import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSidecar } from "../../sidecar/build.ts";

const root = join(import.meta.dirname, "..", "..");

/** Compiles once for each state of the sources. */
export function builtBinary(): string {
  const hash = createHash("sha256");
  for (const file of globSync("{sidecar/**/*.ts,package-lock.json}", { cwd: root }).sort()) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  const binary = join(root, "node_modules", ".cache", "lanyard", `sidecar-${hash.digest("hex").slice(0, 16)}`);
  if (!existsSync(binary)) buildSidecar(binary);
  return binary;
}
