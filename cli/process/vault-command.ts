import { Command, InvalidArgumentError } from "commander";
import { vaultLimits as limits } from "../../vault/limits.ts";
import { withDomains, withProcessOptions, withServingPort } from "./options.ts";
import type { VaultProcessOptions } from "./vault-process.ts";

const MiB = 1024 * 1024;

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,7}$/.test(text) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
  };
}

/** `lanyard vault`: keeps secrets and gives them to who has a role on them. */
export function vaultCommand(version: string): Command {
  return withDomains(withServingPort(withProcessOptions(new Command("vault"))))
    .description("run the secret store (in a cluster; every replica serves every vault)")
    .option("--secrets-namespace <namespace>", "where secrets are kept: a namespace for nothing else", "lanyard-vault")
    .option(
      "--issuer-url <url>",
      "the iss of tokens, where clients get one",
      "https://lanyard-issuer.lanyard-system.svc",
    )
    .option("--issuer-service-url <url>", "where the vault asks the issuer (default: the same)")
    .option(
      "--issuer-token-file <file>",
      "the pod's ServiceAccount token for the issuer",
      "/var/run/secrets/lanyard.dev/token",
    )
    .option(
      "--secrets-per-vault <count>",
      "the most secrets in one vault",
      wholeNumber(1_000_000),
      limits.secretsPerVault,
    )
    .option(
      "--secrets-per-namespace <count>",
      "the most secrets in the vaults of one namespace",
      wholeNumber(1_000_000),
      limits.secretsPerNamespace,
    )
    .option(
      "--mebibytes-per-vault <count>",
      "the most that the secrets of one vault take, in MiB",
      wholeNumber(1_000_000),
      limits.bytesPerVault / MiB,
    )
    .option(
      "--mebibytes-per-namespace <count>",
      "the most that the secrets of one namespace take, in MiB",
      wholeNumber(1_000_000),
      limits.bytesPerNamespace / MiB,
    )
    .option(
      "--versions-per-secret <count>",
      "the most versions that a secret keeps, up to 25",
      wholeNumber(limits.versionsPerSecret),
      limits.versionsPerSecret,
    )
    .action(async (options: VaultProcessOptions) => {
      const [{ runProcess }, { startVaultProcess }] = await Promise.all([
        import("./run-process.ts"),
        import("./vault-process.ts"),
      ]);
      await runProcess({ name: "vault", version, options }, startVaultProcess(options));
    });
}
