import { Command, InvalidArgumentError, Option } from "commander";
import { isDnsLabel } from "../../identity/dns-name.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import type { IssuerProcessOptions } from "./issuer-process.ts";
import { parseCount, withProcessOptions, withServingPort } from "./options.ts";
import { workloadOption } from "./workload-resources.ts";

/** `lanyard issuer`: authenticates pods, decides, and signs tokens. */
export function issuerCommand(version: string): Command {
  return withServingPort(withProcessOptions(new Command("issuer")))
    .description("run the token service (in a cluster; every replica serves)")
    .option(
      "--url <url>",
      "the iss of every token, and where verifiers find discovery",
      "https://lanyard-issuer.lanyard-system.svc",
    )
    .addOption(
      new Option("--unregistered-audiences <what>", "a token for an audience that no ProtectedResource registers")
        .choices(["refuse", "allow"])
        .default("refuse"),
    )
    .addOption(
      new Option("--node-source-addresses <what>", "a request from a node's address for a pod that has its own")
        .choices(["refuse", "allow"])
        .default("refuse"),
    )
    .addOption(
      new Option("--unknown-source-addresses <what>", "a request from an address that is no pod's and no node's")
        .choices(["refuse", "allow"])
        .default("allow"),
    )
    .addOption(
      new Option("--status-list-ttl <seconds>", "how long verifiers may keep a status list (0: none are published)")
        .argParser(parseTtl)
        .default(30),
    )
    .option(
      "--requests-per-address <count>",
      "the most requests of one source address per second, and twice as many at once",
      parseCount,
      defaultIssuerSettings.rateLimits.requestsPerAddress.perSecond,
    )
    .option(
      "--decision-namespaces <namespaces>",
      "namespaces, separated by commas, whose pods may ask about every identity, resource and token (always: --namespace)",
      parseNames,
      [],
    )
    .addOption(
      new Option(
        "--audit-decisions <which>",
        "the decisions and introspections in the audit trail: all, or those that said no",
      )
        .choices(["all", "denied"])
        .default("all"),
    )
    .addOption(workloadOption())
    .action(async (options: IssuerProcessOptions) => {
      const [{ runProcess }, { startIssuerProcess }] = await Promise.all([
        import("./run-process.ts"),
        import("./issuer-process.ts"),
      ]);
      await runProcess({ name: "issuer", version, options }, startIssuerProcess(options));
    });
}

function parseNames(text: string): string[] {
  const names = text.split(",").filter((name) => name !== "");
  const wrong = names.find((name) => !isDnsLabel(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`Expected names of namespaces; "${wrong}" is not one.`);
  return names;
}

/** A list that may be kept for longer than the shortest token lives would never be asked for again. */
const LONGEST_TTL_SECONDS = 600;

function parseTtl(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,3}$/.test(text) && seconds <= LONGEST_TTL_SECONDS) return seconds;
  throw new InvalidArgumentError(`Expected whole seconds, up to ${LONGEST_TTL_SECONDS}.`);
}
