#!/usr/bin/env node
// An older Node must be able to parse this file, or it prints a SyntaxError instead of the message: no top-level await,
// no syntax after ES2018 but `import()` and `import.meta`, and no static import of a package.
import { readFileSync } from "node:fs";
import { nodeVersionProblem } from "./node-version.ts";

const WRONG_USE = 2;

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** package.json stands one folder above this file, and above the bundle in dist/. */
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as Manifest;
const tooOld = nodeVersionProblem(process.version, manifest.engines.node);

if (tooOld === undefined) {
  void import("./run.ts").then(({ run }) => run(manifest.version));
} else {
  process.stderr.write(`${tooOld}\n`);
  process.exitCode = WRONG_USE;
}
