import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { findTool } from "./find-tool.ts";
import { runCommand } from "./run-command.ts";

/** A Go module that is built into programs. */
export interface GoModule {
  /** The folder of its go.mod. */
  readonly sources: string;
  readonly linkerFlags: string;
  /** Build constraints that hold, separated by commas. */
  readonly tags?: string;
}

/** Builds one package of the module into one static program. */
export async function goBuild(module: GoModule, package_: string, output: string): Promise<void> {
  const { sources, linkerFlags, tags = "" } = module;
  if (findTool("go") === undefined) {
    throw new Error(
      "There is no go on this machine, which builds what the tests run against: install Go 1.24 or newer: https://go.dev/doc/install",
    );
  }
  const reproducible = ["-trimpath", "-buildvcs=false"];
  const flags = [...reproducible, "-tags", tags, "-ldflags", linkerFlags, "-o", output];
  await runCommand(["go", "build", ...flags, package_], { cwd: sources, env: { ...process.env, CGO_ENABLED: "0" } });
}

/** Changes with every byte that what is built depends on. */
export function hashOf({ sources, linkerFlags, tags = "" }: GoModule): string {
  const hash = createHash("sha256").update(linkerFlags).update(tags);
  for (const file of readdirSync(sources, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(sources, file);
    if (statSync(path).isFile()) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Fills a folder so that it is there either whole or not at all. Of two builds at once, the first to end is kept. */
export async function fillOnce(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    if (!existsSync(folder)) await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
