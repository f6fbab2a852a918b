import { join } from "node:path";
import { cacheRoot } from "../tools/cache-root.ts";
import { findTool } from "../tools/find-tool.ts";
import { runCommand } from "../tools/run-command.ts";
import { step } from "../tools/step.ts";
import { buildah, type Command, type Engine } from "./engine.ts";

/** Whether a command ends well. */
export type Answers = (command: Command) => Promise<boolean>;

const folder = join(cacheRoot(process.env), "images", "storage");
const user = process.getuid?.() === 0 ? "root" : "other";

/**
 * The first that works, from the usual to the one that needs least: a docker command often stands on a machine whose
 * engine does not run. Buildah keeps layers in overlays where the kernel and the file system below can.
 */
export async function findEngine(answers: Answers = answersHere): Promise<Engine | undefined> {
  if (await answers(["docker", "info"])) return { name: "docker" };
  if (await answers(["podman", "info"])) return { name: "podman" };
  for (const driver of ["overlay", "vfs"] as const) {
    const storage = { folder, driver, user } as const;
    if (await answers([...buildah(storage), "info"])) return { name: "buildah", ...storage };
  }
  return undefined;
}

/** The same; on Debian it installs the smallest where there is none. Rejects where that cannot be done. */
export async function ensureEngine(): Promise<Engine> {
  const found = await findEngine();
  if (found !== undefined) return found;
  if (user === "root" && findTool("apt-get") !== undefined) await step("Installing buildah", installBuildah);
  const installed = await findEngine();
  if (installed === undefined) throw new Error("To build images, install Docker, Podman or Buildah, and start it.");
  return installed;
}

async function installBuildah(): Promise<void> {
  await runCommand(["apt-get", "update", "--quiet"]);
  await runCommand(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "buildah"], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

async function answersHere(command: Command): Promise<boolean> {
  if (findTool(command[0]) === undefined) return false;
  return runCommand(command).then(
    () => true,
    () => false,
  );
}
