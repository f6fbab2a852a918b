import { Command } from "commander";
import { withProcessOptions, withServingPort } from "./options.ts";
import type { VaultProcessOptions } from "./vault-process.ts";

/** `lanyard vault`: keeps secrets and gives them to who has a role on them. */
export function vaultCommand(version: string): Command {
  return withServingPort(withProcessOptions(new Command("vault")))
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
    .option("--cluster-domain <domain>", "what ends the name of every Service, after svc", "cluster.local")
    .action(async (options: VaultProcessOptions) => {
      const [{ runProcess }, { startVaultProcess }] = await Promise.all([
        import("./run-process.ts"),
        import("./vault-process.ts"),
      ]);
      await runProcess({ name: "vault", version, options }, startVaultProcess(options));
    });
}
