import { Command, Option } from "commander";
import { DEFAULT_GRACE_SECONDS } from "../../operator/workload-identity/grace.ts";
import { parseSeconds } from "../parse-seconds.ts";
import type { OperatorOptions } from "./operator-process.ts";
import { withDomains, withProcessOptions } from "./options.ts";
import { workloadOption } from "./workload-resources.ts";

/** `lanyard operator`: reconciles Lanyard's objects, and looks after certificates and trust bundles. */
export function operatorCommand(version: string): Command {
  return withDomains(withProcessOptions(new Command("operator")))
    .description("run the controllers (in a cluster; of several replicas one leads)")
    .option("--webhook-service <name>", "the webhook's Service, for its certificate", "lanyard-webhook")
    .option("--issuer-service <name>", "the issuer's Service, for its certificate", "lanyard-issuer")
    .option("--vault-service <name>", "the Service behind which vaults are served (default: none are)")
    .option("--vault-namespace <name>", "the namespace that holds the secrets of vaults: no role is bound there")
    .addOption(
      new Option(
        "--identity-grace-period <duration>",
        "how long the identity of a workload that asks for none any more is kept, disabled",
      )
        .argParser(parseSeconds)
        .default(DEFAULT_GRACE_SECONDS, "24h"),
    )
    .addOption(workloadOption())
    .option("--mutating-webhook <name>", "the MutatingWebhookConfiguration to fill in", "lanyard-webhook")
    .option("--validating-webhook <name>", "the ValidatingWebhookConfiguration to fill in", "lanyard-webhook")
    .addOption(
      new Option("--certificates <who>", "who makes the certificates").choices(["own", "cert-manager"]).default("own"),
    )
    .action(async (options: OperatorOptions) => {
      const [{ runProcess }, { startOperatorProcess }] = await Promise.all([
        import("./run-process.ts"),
        import("./operator-process.ts"),
      ]);
      await runProcess({ name: "operator", version, options }, startOperatorProcess(options));
    });
}
