import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { findTool } from "../support/find-tool.ts";
import { runCommand } from "../support/run-command.ts";
import { folders } from "./layout.ts";

const SOURCES = join(import.meta.dirname, "binary");
const KUBERNETES = "v1.34.4";
const VERSION_PACKAGE = "k8s.io/component-base/version";
/** Without these the server calls itself v0.0.0-master, and kubectl warns of a skew. */
const LINKER_FLAGS = [
  ...["-s", "-w", `-X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES}`],
  ...[`-X ${VERSION_PACKAGE}.gitMajor=1`, `-X ${VERSION_PACKAGE}.gitMinor=34`],
].join(" ");

/** The programs of a node, built. */
export interface Programs {
  /** Where each has its name: `kubectl`, `kubelet`, … */
  readonly folder: string;
  /** Keeps a pod's namespaces; it alone is not part of the one binary. */
  readonly pause: string;
}

/** What was built from the sources as they are now, if it was. */
export function findPrograms(): Programs | undefined {
  const folder = programsFolder();
  return existsSync(folder) ? { folder, pause: join(folder, "pause") } : undefined;
}

/** Builds the programs once for each state of the sources. Minutes, and 2 GB of Go's own caches. */
export async function buildPrograms(): Promise<Programs> {
  if (findTool("go") === undefined) {
    throw new Error(
      "There is no go on this machine, which builds Kubernetes: install Go 1.24 or newer: https://go.dev/doc/install",
    );
  }
  const folder = programsFolder();
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await goBuild(".", join(unfinished, "kubernetes"));
    await goBuild("./pause", join(unfinished, "pause"));
    const names = await runCommand([join(unfinished, "kubernetes")]);
    for (const name of names.trim().split("\n")) await symlink("kubernetes", join(unfinished, name));
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return { folder, pause: join(folder, "pause") };
}

async function goBuild(package_: string, output: string): Promise<void> {
  await runCommand(["go", "build", "-trimpath", "-buildvcs=false", "-ldflags", LINKER_FLAGS, "-o", output, package_], {
    cwd: SOURCES,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
}

function programsFolder(): string {
  return join(folders.root, `kubernetes-${KUBERNETES}-${hashOf(SOURCES)}`);
}

function hashOf(folder: string): string {
  const hash = createHash("sha256").update(LINKER_FLAGS);
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, file);
    if (statSync(path).isFile()) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 12);
}
