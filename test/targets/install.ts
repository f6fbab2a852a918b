/** `node test/targets/install.ts`: sets up the programs that verify tokens, once; later runs find them in the cache. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fillOnce, goBuild } from "../../tools/go-build.ts";
import { runCommand } from "../../tools/run-command.ts";
import { step } from "../../tools/step.ts";
import { installPackages, mayInstallPackages } from "./debian-packages.ts";
import {
  authlibFolder,
  authlibRequirements,
  goExamples,
  goFolder,
  missingPackages,
  pythonFolder,
  requirements,
  springBuild,
  springPom,
  vaultFolder,
  vaultModule,
} from "./installation.ts";

await ensurePackages();
await ensureFolder("Installing PyJWT, pika and hvac with pip", pythonFolder, (folder) =>
  installPython(folder, requirements),
);
await ensureFolder("Installing authlib with pip", authlibFolder, (folder) =>
  installPython(folder, authlibRequirements),
);
await ensureFolder("Building the Go example", goFolder, buildGoExample);
await ensureFolder("Building Vault from its Go module, once: some minutes", vaultFolder, (folder) =>
  goBuild(vaultModule, "github.com/hashicorp/vault", join(folder, "vault")),
);
await ensureFolder("Building the Spring Boot example with Maven", springBuild, buildSpringExample);

async function ensurePackages(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (mayInstallPackages()) {
    return step(`Installing Debian packages with apt-get: ${missing.join(", ")}`, () => installPackages(missing));
  }
  const remedy = "install it, or run this as root on Debian";
  for (const name of missing) process.stderr.write(`There is no ${name}, so its tests are skipped: ${remedy}.\n`);
  if (process.env.CI !== undefined) process.exitCode = 1;
}

async function ensureFolder(what: string, folder: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (!existsSync(folder)) await step(what, () => fillOnce(folder, fill));
}

async function installPython(folder: string, requirementsFile: string): Promise<void> {
  await ensureVenvModule();
  await runCommand(["python3", "-m", "venv", folder]);
  await runCommand([join(folder, "bin/pip"), "install", "--quiet", "--requirement", requirementsFile]);
}

/** Debian ships Python without the part of `venv` that brings pip. */
async function ensureVenvModule(): Promise<void> {
  const hasVenv = await runCommand(["python3", "-c", "import venv, ensurepip"]).then(
    () => true,
    () => false,
  );
  if (hasVenv) return;
  if (!mayInstallPackages()) throw new Error("This Python has no venv module: install the package python3-venv.");
  await installPackages(["python3-venv"]);
}

async function buildGoExample(folder: string): Promise<void> {
  for (const name of ["service", "client"]) await goBuild(goExamples, `./${name}`, join(folder, name));
}

/** Needs a JDK and Maven, as the conformance tests of Java's SDKs do. */
async function buildSpringExample(folder: string): Promise<void> {
  await runCommand(["mvn", "--batch-mode", "--quiet", "--file", springPom, `-DbuildDirectory=${folder}`, "package"]);
}
