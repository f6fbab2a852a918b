import { styleText } from "node:util";
import { Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../usage-error.ts";
import { type Dev, ManifestError, startDev } from "./dev.ts";
import type { DevEvent } from "./events.ts";
import { type FirstSecret, parseFirstSecret } from "./first-secrets.ts";
import { type Display, formatEvent } from "./format-event.ts";
import { formatProblem } from "./format-problem.ts";
import { inheritedEnvironment } from "./inherited-environment.ts";
import type { Report } from "./reports.ts";
import { runProgram } from "./run-program.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import type { VaultsOptions } from "./vaults.ts";
import { parseWorkloadReference, type WorkloadReference } from "./workload-reference.ts";

const WRONG_USE = 2;
/** As a shell reports a program that Ctrl-C ended. */
const INTERRUPTED = 130;

interface Options {
  readonly filename: readonly string[];
  readonly as: readonly WorkloadReference[];
  readonly port?: number;
  readonly issuerPort?: number;
  readonly state?: string;
  readonly vault?: boolean;
  readonly vaultPort?: number;
  readonly secret: readonly FirstSecret[];
  readonly output: "text" | "json";
}

const examples = `
Examples:
  Run a program as a pod of ServiceAccount shop/orders would run:
    lanyard dev -f app.yaml --as shop/orders -- node app.js
  Run it as a pod of a Deployment with a system-assigned identity:
    lanyard dev -f app.yaml --as shop/Deployment/orders -- python3 app.py
  Keep the identity plane up, with an endpoint for everyone in the files:
    lanyard dev -f app.yaml
  The same with the vaults of the files; the program finds its vault by VAULT_URL, and trusts it:
    lanyard dev --vault -f app.yaml --as shop/orders -- node app.js
  And a program that reads a secret from a file, with a first value for it:
    lanyard dev --vault -f app.yaml --secret shop/vault/db-password=password.txt --as shop/Deployment/orders -- ./app

The program gets the variables that an injected pod gets, and none of this shell's own credentials.
Exit codes: the program's own; without one 0, 1 when the files have a problem, 2 for wrong use.`;

/** `lanyard dev`: the whole identity plane on a laptop, from the same YAML as in a cluster. */
export function devCommand(finish: (code: number) => void): Command {
  return new Command("dev")
    .description("run the identity plane on this machine, from the same YAML as in a cluster")
    .usage("[options] [-- COMMAND…]")
    .argument("[command...]", "a program to run as the workload that --as names; its exit code becomes this one's")
    .addOption(
      new Option("-f, --filename <file|dir>", "YAML or JSON manifests to apply and to follow (repeatable)")
        .argParser(collect)
        .default([], "only what --as names"),
    )
    .addOption(
      new Option("--as <who>", "NAMESPACE/SERVICEACCOUNT, or NAMESPACE/KIND/NAME for a workload (repeatable)")
        .argParser(collectReference)
        .default([], "everyone in the files"),
    )
    .option("--port <port>", "port of the token endpoint; further endpoints take the ports after it", parsePort)
    .option("--issuer-port <port>", "port of the issuer", parsePort)
    .option("--vault", "serve each vault of the files (a ProtectedResource with spec.vault) with the API of Key Vault")
    .option("--vault-port <port>", "port of the first vault; further vaults take the ports after it", parsePort)
    .addOption(
      new Option("--secret <secret=file>", "NAMESPACE/VAULT/NAME=FILE: a secret that a vault begins with (repeatable)")
        .argParser(collectSecret)
        .default([], "the vaults begin empty"),
    )
    .option("--state <dir>", "keep keys and principal ids in this directory from run to run")
    .addOption(new Option("-o, --output <format>", "how events are shown").choices(["text", "json"]).default("text"))
    .addHelpText("after", examples)
    .action(async (command: string[], options: Options) => finish(await dev(command, options)));
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectReference(value: string, before: readonly WorkloadReference[]): readonly WorkloadReference[] {
  const reference = parseWorkloadReference(value);
  if ("problem" in reference) throw new InvalidArgumentError(reference.problem);
  return [...before, reference];
}

function collectSecret(value: string, before: readonly FirstSecret[]): readonly FirstSecret[] {
  const secret = parseFirstSecret(value);
  if ("problem" in secret) throw new InvalidArgumentError(secret.problem);
  return [...before, secret];
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("Expected a port from 1 to 65535.");
  return port;
}

async function dev(command: readonly string[], options: Options): Promise<number> {
  if (options.filename.length === 0 && options.as.length === 0) {
    process.stderr.write(
      "lanyard: nothing to run: name files with -f, or somebody with --as (see lanyard dev --help)\n",
    );
    return WRONG_USE;
  }
  const report = command.length > 0 ? besideProgram(options.output) : reportTo(process.stdout, options.output);
  // From before it says that it is ready: who is asked to end then must not die of it.
  const interrupted = command.length > 0 ? undefined : untilInterrupted();
  try {
    const running = await startDev({
      files: options.filename,
      as: options.as,
      port: options.port,
      issuerPort: options.issuerPort,
      stateDirectory: options.state,
      vaults: vaultsOf(options),
      report,
    });
    try {
      await interrupted;
      return interrupted === undefined ? await runAs(running, command, report) : 0;
    } finally {
      await running.stop();
    }
  } catch (error) {
    return explain(error, options.output, report);
  }
}

function vaultsOf({ vault, vaultPort, secret }: Options): VaultsOptions | undefined {
  if (vault) return { port: vaultPort, secrets: secret, shell: process.env };
  if (secret.length > 0) throw new UsageError("--secret puts it into a vault: add --vault");
  if (vaultPort !== undefined) throw new UsageError("--vault-port is the port of a vault: add --vault");
  return undefined;
}

/** Colours are for a terminal, and for who did not set NO_COLOR: styleText looks after both. */
function reportTo(stream: NodeJS.WriteStream, output: Options["output"]): Report {
  const display: Display = {
    paint: (colour, text) => styleText(colour, text, { stream }),
    columns: stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY,
  };
  return (event) =>
    stream.write(`${output === "json" ? JSON.stringify(event) : formatEvent(event, new Date(), display)}\n`);
}

/** A program's own output is not mixed with ours; a person who runs one need not read how the plane was set up. */
function besideProgram(output: Options["output"]): Report {
  const report = reportTo(process.stderr, output);
  const setUp: readonly DevEvent["event"][] = ["started", "identities", "endpoint", "vault", "ready"];
  return (event) => {
    if (output === "json" || !setUp.includes(event.event)) report(event);
  };
}

async function runAs(running: Dev, [program = "", ...rest]: readonly string[], report: Report): Promise<number> {
  const [endpoint, ...others] = running.endpoints;
  if (endpoint === undefined || others.length > 0) throw new UsageError(whoIsIt(running));
  const { environment, withheld } = inheritedEnvironment(process.env);
  if (withheld.length > 0) report({ event: "notice", message: withheldNotice(withheld) });
  // Whoever does not want to wait for a secret leaves none behind that was there already.
  const secrets = await Promise.race([running.placeSecretFiles(endpoint), untilInterrupted()]);
  if (secrets === undefined) return INTERRUPTED;
  const injected = { ...endpoint.environment(environment), ...running.vaultEnvironment(), ...secrets.environment };
  const end = await runProgram([program, ...rest], { ...environment, ...injected }).finally(secrets.remove);
  if (end.kind === "notStarted") process.stderr.write(`lanyard: ${end.message}\n`);
  return end.code;
}

function whoIsIt({ endpoints }: Dev): string {
  const candidates = endpoints.map(({ as }) => as).join(", ") || "nobody in the files could ask for a token";
  return `a program runs as one workload: name it with --as (${candidates})`;
}

const withheldNotice = (names: readonly string[]): string =>
  `not passed on to the program, since a pod would not have them: ${names.join(", ")}`;

function explain(error: unknown, output: Options["output"], report: Report): number {
  if (error instanceof ManifestError) {
    if (output === "json") report({ event: "problems", problems: error.problems });
    else process.stderr.write(`${error.problems.map(formatProblem).join("\n")}\n`);
    return 1;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`lanyard: ${error.message}\n`);
    return WRONG_USE;
  }
  throw error;
}
