import { Command } from "commander";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runOnCluster } from "../cluster/run-on-cluster.ts";
import type { Invocation } from "../invocation.ts";
import { type CheckOptions, checkAccess } from "./check.ts";
import { checkAnswer } from "./format-check.ts";
import { whoCanAnswer } from "./format-who-can.ts";
import { whoCan } from "./who-can.ts";

type ClusterOptions = ConnectionOptions & OutputOptions;

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
    .requiredOption("--as <identity>", "NAMESPACE/NAME, a principal, client or resource id, or NAMESPACE/KIND/NAME")
    .requiredOption("--action <action>", "what it would do, such as secrets/read")
    .requiredOption("--resource <resource>", "NAMESPACE/NAME[/PART] of a ProtectedResource, an audience, or a scope")
    .option("--pod <pod>", "[NAMESPACE/]NAME of the pod that would ask, for the conditions of assignments")
    .option("--audience <audience>", "audience of the token that it would show, for the same");
  return withClusterOptions(command)
    .addHelpText("after", examples(invocation.name))
    .action((options: ClusterOptions & CheckOptions) =>
      runOnCluster(options, invocation, async (session) => checkAnswer(await checkAccess(options, session))),
    );
}

function whoCanCommand(invocation: Invocation): Command {
  const command = new Command("who-can")
    .description("list every principal that may do something, and through what")
    .argument("<action>", "such as secrets/read")
    .argument("<resource>", "NAMESPACE/NAME[/PART] of a ProtectedResource, an audience, or a scope");
  return withClusterOptions(command).action((action: string, resource: string, options: ClusterOptions) =>
    runOnCluster(options, invocation, async (session) => whoCanAnswer(await whoCan({ action, resource }, session))),
  );
}

const examples = (program: string): string => `
Examples:
  ${program} access check --as shop/orders --action secrets/read --resource payments/payments-vault
  ${program} access check --as shop/Deployment/web --action secrets/read --resource https://vault.payments.svc
Give it what it lacks (what is printed when it is not allowed is a manifest):
  ${program} access check --as shop/orders --action secrets/read --resource payments/payments-vault | kubectl apply -f -

Exit codes: 0 allowed, 1 not allowed, 2 wrong use, or it cannot be said.`;
