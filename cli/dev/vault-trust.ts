import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { vaultEnvironment } from "../../identity/names.ts";
import type { Environment } from "../../webhook/environment.ts";

/** Files by which a program trusts the vaults of this run, besides all that it trusted before. */
export interface VaultTrust {
  /** The variables that lead the libraries of common languages to the files. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const { additional, whole } = vaultEnvironment.trust;

/**
 * Node adds the certificates of its variable to its own; OpenSSL, Go and Python's requests take those of theirs instead
 * of the system's, so that file holds both. What the shell had set in these variables stays trusted.
 */
export async function writeVaultTrust(authority: string, shell: Environment): Promise<VaultTrust> {
  const directory = await mkdtemp(join(tmpdir(), "lanyard-vault-"));
  const [extraFile, wholeFile] = [join(directory, "ca.crt"), join(directory, "bundle.crt")];
  const before = await readCertificates([shell[additional]]);
  const chosen = await readCertificates(whole.map((name) => shell[name]));
  await writeFile(extraFile, joined([...before, authority]));
  await writeFile(wholeFile, joined([...(chosen.length > 0 ? chosen : systemCertificates()), authority]));
  return {
    environment: { [additional]: extraFile, ...Object.fromEntries(whole.map((name) => [name, wholeFile])) },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Those that Node brings, on a machine that has none. */
function systemCertificates(): string[] {
  const system = getCACertificates("system");
  return system.length > 0 ? system : getCACertificates("bundled");
}

/** A variable that leads nowhere trusts nobody, before as now. */
async function readCertificates(files: readonly (string | undefined)[]): Promise<string[]> {
  const named = new Set(files.filter((file) => file !== undefined && file !== ""));
  const texts = await Promise.all([...named].map((file) => readFile(file ?? "", "utf8").catch(() => "")));
  return texts.filter((text) => text !== "");
}

const joined = (certificates: readonly string[]): string => `${certificates.map((pem) => pem.trim()).join("\n")}\n`;
