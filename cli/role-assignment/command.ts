import { Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../kube/clock.ts";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runOnCluster } from "../cluster/run-on-cluster.ts";
import type { Invocation } from "../invocation.ts";
import { parseSeconds } from "../parse-seconds.ts";
import { createAssignment, type WriteOptions } from "./create.ts";
import { checkDeleteOptions, type DeleteOptions, deleteAssignments } from "./delete.ts";
import { listAnswer } from "./format-list.ts";
import { type ListOptions, listAssignments } from "./list.ts";
import { type CreateOptions, checkCreateOptions } from "./new-assignment.ts";

type ClusterOptions = ConnectionOptions & OutputOptions;

/** `lanyard role-assignment`: who has which role on what. */
export function roleAssignmentCommand(invocation: Invocation): Command {
  return new Command("role-assignment")
    .description("give roles, take them away, and see who has which")
    .addCommand(listCommand(invocation))
    .addCommand(createCommand(invocation))
    .addCommand(deleteCommand(invocation));
}

function listCommand(invocation: Invocation): Command {
  const command = new Command("list")
    .description("list who has which role on a target, inherited ones too (default: on your namespace)")
    .option("--resource <resource>", "NAMESPACE/NAME[/PART] of a ProtectedResource, an audience, or a scope")
    .option("--assignee <identity>", "only those of this identity, wherever they are")
    .option("-A, --all-namespaces", "those of all namespaces and of the cluster");
  return withClusterOptions(command).action((options: ClusterOptions & ListOptions) =>
    runOnCluster(options, invocation, async (session) => listAnswer(await listAssignments(options, session), session)),
  );
}

function createCommand(invocation: Invocation): Command {
  const command = new Command("create")
    .description("give an identity a role on a resource, on all of a namespace (-n alone), or on the whole cluster")
    .requiredOption("--assignee <identity>", "NAMESPACE/NAME, an id, or NAMESPACE/KIND/NAME of a workload")
    .requiredOption("--role <role>", "name of a RoleDefinition")
    .option("--resource <resource>", "NAMESPACE/NAME[/PART] of a ProtectedResource, an audience, or a scope")
    .option("--scope <scope>", "/ for the whole cluster, or another scope")
    .option("--expires-in <duration>", "ends after so long, such as 8h or 30d")
    .option("--expires-at <time>", "ends then, such as 2026-12-01T00:00:00Z")
    .option("--not-before <time>", "begins then")
    .option("--condition <expression>", "CEL that a request must meet, such as 'pod.namespace == \"shop\"'")
    .option("--name <name>", "the assignment's own name (default: made of the others)")
    .option("--dry-run", "print the assignment, and write nothing")
    .option("--wait <boolean>", "wait until it is in force", parseBoolean, true)
    .addOption(new Option("--timeout <duration>", "how long to wait").argParser(parseSeconds).default(30, "30s"));
  return withClusterOptions(command).action((options: ClusterOptions & CreateOptions & WriteOptions) =>
    runOnCluster(
      options,
      invocation,
      (session) => createAssignment(options, session),
      () => checkCreateOptions(options, systemClock.now()),
    ),
  );
}

function deleteCommand(invocation: Invocation): Command {
  const command = new Command("delete")
    .description("take a role away, by the assignment's name or by who has which role on what")
    .argument("[name]", "[NAMESPACE/]NAME, or ClusterRoleAssignment/NAME")
    .option("--assignee <identity>", "who has the role")
    .option("--role <role>", "name of the RoleDefinition")
    .option("--resource <resource>", "what the role is given on")
    .option("--scope <scope>", "the scope that the role is given at");
  return withClusterOptions(command).action((name: string | undefined, options: ClusterOptions & DeleteOptions) =>
    runOnCluster(
      options,
      invocation,
      (session) => deleteAssignments(name, options, session),
      () => checkDeleteOptions(name, options),
    ),
  );
}

function parseBoolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw new InvalidArgumentError("Expected true or false.");
  return text === "true";
}
