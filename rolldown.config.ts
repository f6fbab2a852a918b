import { builtinModules } from "node:module";
import { defineConfig } from "rolldown";
import manifest from "./package.json" with { type: "json" };

/** One file for the whole program; its dependencies stay packages, so that npm installs and audits them. */
export default defineConfig({
  input: "cli/main.ts",
  platform: "node",
  external: [
    ...builtinModules,
    /^node:/,
    ...Object.keys(manifest.dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
  ],
  output: { file: "dist/lanyard.js", format: "esm", sourcemap: true },
});
