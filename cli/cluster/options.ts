import { type Command, Option } from "commander";

/** Which cluster is asked, as which person, and in which namespace. */
export interface ConnectionOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

const outputFormats = ["table", "json", "yaml"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface OutputOptions {
  readonly output: OutputFormat;
}

/** Named as kubectl names them, so that nobody has to learn them. */
function withConnectionOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "how to reach the API server (default: KUBECONFIG, else ~/.kube/config)")
    .option("--context <name>", "the context of the kubeconfig (default: its current one)")
    .option("-n, --namespace <namespace>", "the namespace of names without one (default: the context's)");
}

function withOutputOption(command: Command): Command {
  return command.addOption(
    new Option("-o, --output <format>", "a table for people, json or yaml for programs")
      .choices(outputFormats)
      .default("table"),
  );
}

/** What every command that asks the cluster takes. */
export function withClusterOptions(command: Command): Command {
  return withOutputOption(withConnectionOptions(command));
}
