import { Command, InvalidArgumentError, Option } from "commander";
import { webhookLimits } from "../../webhook/limits.ts";
import { runAsUserChoices } from "../../webhook/settings.ts";
import { withProcessOptions, withServingPort } from "./options.ts";
import type { WebhookOptions } from "./webhook-process.ts";

/** `lanyard webhook`: puts the token endpoint into pods that ask for it. */
export function webhookCommand(version: string): Command {
  return withServingPort(withProcessOptions(new Command("webhook")))
    .description("run the admission webhook (in a cluster)")
    .requiredOption("--sidecar-image <image>", "the image of the token endpoint, which the chart names by digest")
    .addOption(
      new Option("--sidecar-image-pull-policy <policy>", "when a node pulls that image")
        .choices(["Always", "IfNotPresent", "Never"])
        .default("IfNotPresent"),
    )
    .option("--sidecar-resources <json>", "requests and limits of the token endpoint's container", parseObject, {})
    .addOption(
      new Option(
        "--run-as-user <choice>",
        "whether the sidecar names its user: auto omits it where OpenShift assigns one",
      )
        .choices(runAsUserChoices)
        .default("auto"),
    )
    .option("--issuer-url <url>", "where token endpoints find the issuer", "https://lanyard-issuer.lanyard-system.svc")
    .option("--mutating-webhook <name>", "the MutatingWebhookConfiguration that leads here", "lanyard-webhook")
    .option(
      "--timeout-seconds <seconds>",
      "timeoutSeconds of the webhook configurations: how long the API server waits, 1 to 30",
      parseTimeout,
      webhookLimits.timeoutSeconds,
    )
    .option("--redirect-image <image>", "an image with nft, for pods that ask for the redirect of 169.254.169.254")
    .action(async (options: WebhookOptions) => {
      const [{ runProcess }, { startWebhookProcess }] = await Promise.all([
        import("./run-process.ts"),
        import("./webhook-process.ts"),
      ]);
      await runProcess({ name: "webhook", version, options }, startWebhookProcess(options, version));
    });
}

/** The API server takes no other. */
function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > 30) {
    throw new InvalidArgumentError("Expected whole seconds from 1 to 30.");
  }
  return seconds;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError('Expected a JSON object, such as {"requests": {"memory": "16Mi"}}.');
  }
  return { ...value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
