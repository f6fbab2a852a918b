import { Command } from "commander";
import { authenticationConfigurationCommand } from "./authentication-configuration/command.ts";
import { devCommand } from "./dev/command.ts";
import { issuerCommand } from "./process/issuer-command.ts";
import { operatorCommand } from "./process/operator-command.ts";
import { webhookCommand } from "./process/webhook-command.ts";

/** The `lanyard` program. `finish` receives the exit code: 0 fine, 1 found a problem, 2 wrong use, or that of a program it ran. */
export function createProgram(version: string, finish: (code: number) => void): Command {
  return new Command("lanyard")
    .description(
      "Managed identities for every pod: short-lived tokens from a local endpoint, and no credential anywhere.",
    )
    .version(version)
    .showHelpAfterError("(see --help)")
    .showSuggestionAfterError()
    .addCommand(devCommand(finish))
    .addCommand(operatorCommand(version))
    .addCommand(webhookCommand(version))
    .addCommand(issuerCommand(version))
    .addCommand(authenticationConfigurationCommand(finish));
}
