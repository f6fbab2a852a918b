import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fillOnce, type GoModule, goBuild, hashOf } from "../../tools/go-build.ts";
import { runCommand } from "../../tools/run-command.ts";
import { folders } from "./layout.ts";

const KUBERNETES = "v1.34.4";
const VERSION_PACKAGE = "k8s.io/component-base/version";
const module: GoModule = {
  sources: join(import.meta.dirname, "binary"),
  /** Without these the server calls itself v0.0.0-master, and kubectl warns of a skew. */
  linkerFlags: [
    ...["-s", "-w", `-X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES}`],
    ...[`-X ${VERSION_PACKAGE}.gitMajor=1`, `-X ${VERSION_PACKAGE}.gitMinor=34`],
  ].join(" "),
};

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
  const folder = programsFolder();
  await fillOnce(folder, async (unfinished) => {
    await goBuild(module, ".", join(unfinished, "kubernetes"));
    await goBuild(module, "./pause", join(unfinished, "pause"));
    const names = await runCommand([join(unfinished, "kubernetes")]);
    for (const name of names.trim().split("\n")) await symlink("kubernetes", join(unfinished, name));
  });
  return { folder, pause: join(folder, "pause") };
}

function programsFolder(): string {
  return join(folders.root, `kubernetes-${KUBERNETES}-${hashOf(module)}`);
}
