import { Command } from "commander";
import { accessCommand } from "./access/command.ts";
import { authenticationConfigurationCommand } from "./authentication-configuration/command.ts";
import { devCommand } from "./dev/command.ts";
import { identityCommand } from "./identity/command.ts";
import type { Invocation } from "./invocation.ts";
import { issuerCommand } from "./process/issuer-command.ts";
import { operatorCommand } from "./process/operator-command.ts";
import { vaultCommand } from "./process/vault-command.ts";
import { webhookCommand } from "./process/webhook-command.ts";
import { revokeCommand } from "./revoke/command.ts";
import { roleAssignmentCommand } from "./role-assignment/command.ts";
import { withVaultCommands } from "./vault/command.ts";

/** The `lanyard` program, which kubectl knows as `kubectl lanyard`. */
export function createProgram(invocation: Invocation): Command {
  const { name, version, finish } = invocation;
  const program = new Command(name)
    .description(
      "Managed identities for every pod: short-lived tokens from a local endpoint, and no credential anywhere.",
    )
    .version(version)
    .addCommand(devCommand(finish))
    .addCommand(accessCommand(invocation))
    .addCommand(roleAssignmentCommand(invocation))
    .addCommand(revokeCommand(invocation))
    .addCommand(identityCommand(invocation))
    .addCommand(operatorCommand(version))
    .addCommand(webhookCommand(version))
    .addCommand(issuerCommand(version))
    .addCommand(withVaultCommands(vaultCommand(version), invocation))
    .addCommand(authenticationConfigurationCommand(finish));
  return withManners(program);
}

/** A command does not take these over from the one that it is added to. */
function withManners(command: Command): Command {
  command.showHelpAfterError("(see --help)").showSuggestionAfterError().exitOverride();
  command.commands.forEach(withManners);
  return command;
}
