import { builtinModules } from "node:module";
import { defineConfig } from "rolldown";
import manifest from "./package.json" with { type: "json" };

/**
 * The program, and beside it the parts that it loads only when asked to: `lanyard dev` needs no client of a real cluster.
 * Its dependencies stay packages, so that npm installs and audits them.
 */
export default defineConfig({
  input: { lanyard: "cli/main.ts" },
  platform: "node",
  external: [
    ...builtinModules,
    /^node:/,
    ...Object.keys(manifest.dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
  ],
  output: {
    dir: "dist",
    entryFileNames: "lanyard.js",
    chunkFileNames: "lanyard-[name].js",
    format: "esm",
    sourcemap: true,
  },
});
