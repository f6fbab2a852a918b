import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../tools/run-command.ts";

/**
 * Unpacks Debian packages of this machine's own release into a folder. None of their scripts runs, as in a distroless
 * image: https://github.com/GoogleContainerTools/distroless/blob/main/debian_package_manager.md
 */
export async function unpackDebian(packages: readonly string[], rootfs: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lanyard-debian-"));
  try {
    await download(packages, folder);
    const status = join(rootfs, "var/lib/dpkg/status.d");
    await mkdir(status, { recursive: true });
    for (const file of (await readdir(folder)).sort()) {
      const archive = join(folder, file);
      await runCommand(["dpkg-deb", "--extract", archive, rootfs]);
      // Where scanners look for what an image without a package manager is made of.
      await writeFile(join(status, file.replace(/_.*/, "")), await runCommand(["dpkg-deb", "--field", archive]));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The packages with all that they need, as if nothing were installed yet. */
export async function withDependencies(packages: readonly string[]): Promise<readonly string[]> {
  const options = ["--simulate", "--no-install-recommends", "--option=Dir::State::status=/dev/null"] as const;
  const plan = await runCommand(["apt-get", "install", ...options, ...packages]);
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = ""]) => name);
}

/** A fresh Debian knows no package until it is told to look, and one that looked long ago asks for versions that are gone. */
async function download(packages: readonly string[], cwd: string): Promise<void> {
  const get = (): Promise<string> => runCommand(["apt-get", "download", "--quiet", ...packages], { cwd });
  await get().catch(async () => {
    await runCommand(["apt-get", "update", "--quiet"]);
    await get();
  });
}
