import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "./cache-root.ts";
import { findTool } from "./find-tool.ts";
import { fillOnce, type GoModule, goBuild, hashOf } from "./go-build.ts";
import { runCommand } from "./run-command.ts";

const HELM = "v4.2.4";
const module: GoModule = {
  sources: join(import.meta.dirname, "helm"),
  /** Otherwise it calls itself v4.2, whichever one it is. */
  linkerFlags: `-s -w -X helm.sh/helm/v4/internal/version.version=${HELM}`,
};

/** The machine's own Helm when it can do what the chart needs, else one that is built once: some minutes. */
export async function findHelm(): Promise<string> {
  const installed = findTool("helm");
  if (installed !== undefined && isRecentEnough(await runCommand([installed, "version", "--short"]))) return installed;
  return buildHelm();
}

/** 3.14 is the first Helm that takes a JSON schema for a chart as it is meant here: `version` is what it says of itself. */
export function isRecentEnough(version: string): boolean {
  const [, major = "0", minor = "0"] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 14);
}

async function buildHelm(): Promise<string> {
  const folder = join(cacheRoot(process.env), `helm-${HELM}-${hashOf(module)}`);
  const program = join(folder, "helm");
  if (!existsSync(program)) {
    await fillOnce(folder, (unfinished) => goBuild(module, "helm.sh/helm/v4/cmd/helm", join(unfinished, "helm")));
  }
  return program;
}
