import { access, rm, writeFile } from "node:fs/promises";
import { findTool } from "../../tools/find-tool.ts";
import { runCommand } from "../../tools/run-command.ts";

/** Asked by Debian's packages before they start a service: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt */
const POLICY = "/usr/sbin/policy-rc.d";
const startNothing = "#!/bin/sh\nexit 101\n";

export function mayInstallPackages(): boolean {
  return process.getuid?.() === 0 && findTool("apt-get") !== undefined;
}

/** Installs them with apt-get, as root. The tests start these programs themselves, so no service is started. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  await runCommand(["apt-get", "update", "--quiet"]);
  await withoutStartingServices(() =>
    runCommand(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", ...packages], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }),
  );
}

async function withoutStartingServices(install: () => Promise<unknown>): Promise<void> {
  const hasPolicy = await access(POLICY).then(
    () => true,
    () => false,
  );
  // A policy that is there is the machine's own, and stays: a container's starts nothing anyway.
  if (!hasPolicy) await writeFile(POLICY, startNothing, { mode: 0o755 });
  try {
    await install();
  } finally {
    if (!hasPolicy) await rm(POLICY);
  }
}
