import { Command } from "commander";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runOnCluster } from "../cluster/run-on-cluster.ts";
import type { Invocation } from "../invocation.ts";
import { type AdoptOptions, adoptVault } from "./adopt.ts";
import { type ListOptions, listVaults } from "./list.ts";
import { type PurgeOptions, purgeVault } from "./purge.ts";

type ClusterOptions = ConnectionOptions & OutputOptions;

/** Adds to `lanyard vault` what an administrator of vaults asks for. */
export function withVaultCommands(vault: Command, invocation: Invocation): Command {
  // The process has options of the same names as a person's: behind a command's name they are the command's.
  return vault
    .enablePositionalOptions()
    .addCommand(listCommand(invocation))
    .addCommand(adoptCommand(invocation))
    .addCommand(purgeCommand(invocation));
}

function listCommand(invocation: Invocation): Command {
  const command = new Command("list")
    .description("list vaults and what they hold, with the orphaned ones whose ProtectedResource is gone")
    .option("--orphaned", "only vaults whose ProtectedResource is gone");
  return withStorage(command).action((options: ClusterOptions & ListOptions) =>
    runOnCluster(options, invocation, (session) => listVaults(options, session)),
  );
}

function adoptCommand(invocation: Invocation): Command {
  const command = new Command("adopt")
    .description("move the secrets of an orphaned vault into an existing one")
    .argument("<vault>", "NAMESPACE/NAME of the ProtectedResource that gets the secrets")
    .option("--from <uid>", "UID of the orphaned vault (default: the one that had the same namespace and name)")
    .option("--namespace-recreated", "the namespace is newer than the secrets, and belongs to the same owner as before")
    .option("--dry-run", "print what would be adopted, and write nothing");
  return withStorage(command).action((vault: string, options: ClusterOptions & AdoptOptions) =>
    runOnCluster(options, invocation, (session) => adoptVault(vault, options, session)),
  );
}

function purgeCommand(invocation: Invocation): Command {
  const command = new Command("purge")
    .description("remove all secrets of an orphaned vault for good")
    .argument("<uid>", "UID of the orphaned vault")
    .option("--yes", "remove them; without it they are only counted");
  return withStorage(command).action((uid: string, options: ClusterOptions & PurgeOptions) =>
    runOnCluster(options, invocation, (session) => purgeVault(uid, options, session)),
  );
}

function withStorage(command: Command): Command {
  return withClusterOptions(
    command.option(
      "--secrets-namespace <namespace>",
      "the namespace that holds the secrets of vaults",
      "lanyard-vault",
    ),
  );
}
