import { Command, Option } from "commander";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runOnCluster } from "../cluster/run-on-cluster.ts";
import type { Invocation } from "../invocation.ts";
import { parseSeconds } from "../parse-seconds.ts";
import { type AssignOptions, assignIdentity } from "./assign.ts";
import { type ListOptions, listIdentities } from "./list.ts";
import { type RemoveOptions, removeIdentity } from "./remove.ts";
import { showIdentity } from "./show.ts";

type ClusterOptions = ConnectionOptions & OutputOptions;

const whichIdentity = "NAMESPACE/NAME, a principal, client or resource id, or NAMESPACE/KIND/NAME of a workload";

/** `lanyard identity`: which identities there are, and who uses them. */
export function identityCommand(invocation: Invocation): Command {
  return new Command("identity")
    .description("give a workload an identity of its own, and see and remove identities")
    .addCommand(assignCommand(invocation))
    .addCommand(showCommand(invocation))
    .addCommand(listCommand(invocation))
    .addCommand(removeCommand(invocation));
}

function assignCommand(invocation: Invocation): Command {
  const command = new Command("assign")
    .description("turn on a workload's system-assigned identity, and print its principal id")
    .argument("<workload>", "KIND/NAME, such as deployment/web")
    .addOption(new Option("--timeout <duration>", "how long to wait").argParser(parseSeconds).default(30, "30s"));
  return withClusterOptions(command).action((workload: string, options: ClusterOptions & AssignOptions) =>
    runOnCluster(options, invocation, (session) => assignIdentity(workload, options, session)),
  );
}

function showCommand(invocation: Invocation): Command {
  const command = new Command("show")
    .description("show an identity: its ids, who may use it, the pods that do, and its role assignments")
    .argument("<identity>", whichIdentity);
  return withClusterOptions(command).action((identity: string, options: ClusterOptions) =>
    runOnCluster(options, invocation, (session) => showIdentity(identity, session)),
  );
}

function listCommand(invocation: Invocation): Command {
  const command = new Command("list")
    .description("list the identities of your namespace")
    .option("-A, --all-namespaces", "those of all namespaces");
  return withClusterOptions(command).action((options: ClusterOptions & ListOptions) =>
    runOnCluster(options, invocation, (session) => listIdentities(options, session)),
  );
}

function removeCommand(invocation: Invocation): Command {
  const command = new Command("remove")
    .description("remove an identity that has no role assignments left")
    .argument("<identity>", whichIdentity)
    .option("--with-assignments", "delete its role assignments first")
    .option("--ignore-unread", "remove it also when it may have role assignments that you may not read");
  return withClusterOptions(command).action((identity: string, options: ClusterOptions & RemoveOptions) =>
    runOnCluster(options, invocation, (session) => removeIdentity(identity, options, session)),
  );
}
