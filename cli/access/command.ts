import { Command, InvalidArgumentError, Option } from "commander";
import type { Answer } from "../cluster/answer.ts";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runInSession, runOnCluster } from "../cluster/run-on-cluster.ts";
import type { Session } from "../cluster/session.ts";
import type { Invocation } from "../invocation.ts";
import { type CheckOptions, checkAccess } from "./check.ts";
import { checkAnswer } from "./format-check.ts";
import { whoCanAnswer } from "./format-who-can.ts";
import { whoCan } from "./who-can.ts";

interface SourceOptions extends ConnectionOptions, OutputOptions {
  /** Manifests that are asked in place of a cluster. */
  readonly filename: readonly string[];
}

/** `lanyard access`: who may do what, and why. */
export function accessCommand(invocation: Invocation): Command {
  return new Command("access")
    .description("say who may do what, by the issuer's own rules")
    .addCommand(checkCommand(invocation))
    .addCommand(whoCanCommand(invocation));
}

function checkCommand(invocation: Invocation): Command {
  const command = new Command("check")
    .description("say whether an identity may do something, by which role, or what is missing")
    .requiredOption(
      "--as <identity>",
      "NAMESPACE/NAME, a principal, client or resource id, or NAMESPACE/KIND/NAME",
      once,
    )
    .requiredOption("--action <action>", "what it would do, such as secrets/read")
    .requiredOption("--resource <resource>", "NAMESPACE/NAME[/PART] of a ProtectedResource, an audience, or a scope")
    .option("--pod <pod>", "[NAMESPACE/]NAME of the pod that would ask, or NAMESPACE/KIND/NAME: a workload's")
    .option("--audience <audience>", "audience of the token that it would show, for the same");
  return withSource(command)
    .addHelpText("after", examples(invocation.name))
    .action((options: SourceOptions & CheckOptions) =>
      ask(options, invocation, async (session) => checkAnswer(await checkAccess(options, session))),
    );
}

function whoCanCommand(invocation: Invocation): Command {
  const command = new Command("who-can")
    .description("list every principal that may do something, and through what")
    .argument("<action>", "such as secrets/read")
    .argument("<resource>", "NAMESPACE/NAME[/PART] of a ProtectedResource, an audience, or a scope");
  return withSource(command).action((action: string, resource: string, options: SourceOptions) =>
    ask(options, invocation, async (session) => whoCanAnswer(await whoCan({ action, resource }, session), session)),
  );
}

/** A question is about one: of two, the first would be forgotten in silence. */
function once(text: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError(`Give it once: ${before} is asked about already.`);
  return text;
}

function withSource(command: Command): Command {
  const fromFiles = new Option("-f, --filename <file>", "ask these manifests instead of a cluster (repeatable)")
    .argParser((file: string, before: readonly string[]) => [...before, file])
    .default([], "none");
  return withClusterOptions(command.addOption(fromFiles));
}

async function ask(
  options: SourceOptions,
  invocation: Invocation,
  question: (session: Session) => Promise<Answer>,
): Promise<void> {
  const { filename, namespace = "default", output } = options;
  if (filename.length === 0) return runOnCluster(options, invocation, question);
  // The whole plane, which a question to a cluster does not need.
  const { openFiles } = await import("./open-files.ts");
  return runInSession((person) => openFiles(filename, namespace, person), output, invocation, question);
}

const examples = (program: string): string => `
Examples:
  ${program} access check --as shop/orders --action secrets/read --resource payments/payments-vault
  ${program} access check --as shop/Deployment/web --action secrets/read --resource https://vault.payments.svc
Ask the manifests of a repository, with no cluster:
  ${program} access check -f deploy/ --as shop/orders --action secrets/read --resource payments/payments-vault
Give it what it lacks (what is printed when it is not allowed is a manifest):
  ${program} access check --as shop/orders --action secrets/read --resource payments/payments-vault | kubectl apply -f -

Exit codes: 0 allowed, 1 not allowed, 2 wrong use, or it cannot be said.`;
