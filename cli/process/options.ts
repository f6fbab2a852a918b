import { type Command, InvalidArgumentError, Option } from "commander";
import { httpLimits } from "../../http/limits.ts";
import { vaultDomainProblem } from "../../identity/vault-domain.ts";

/** What the processes of the control plane have in common. */
export interface ProcessOptions {
  /** The namespace that Lanyard is installed in. */
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly operationsPort: number;
  readonly logLevel: LogLevel;
}

const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export function withProcessOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--namespace <namespace>", "the namespace that Lanyard is installed in")
        .env("POD_NAMESPACE")
        .default("lanyard-system"),
    )
    .option("--kubeconfig <file>", "how to reach the API server (default: the pod's own account, else KUBECONFIG)")
    .option("--context <name>", "the context of the kubeconfig (default: its current one)")
    .option("--operations-port <port>", "port of /livez, /readyz and /metrics, over plain HTTP", parsePort, 9090)
    .addOption(new Option("--log-level <level>", "the least that is logged").choices(logLevels).default("info"));
}

export function withServingPort(command: Command): Command {
  return command
    .option("--port <port>", "port of the HTTPS server", parsePort, 8443)
    .option("--connections <count>", "the most open connections", parseCount, httpLimits.connections)
    .option(
      "--connections-per-address <count>",
      "the most open connections of one source address",
      parseCount,
      httpLimits.connectionsPerAddress,
    );
}

/** What a process that serves HTTPS has besides. */
export interface ServingOptions extends ProcessOptions {
  readonly port: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,6}$/.test(text) && count >= 1) return count;
  throw new InvalidArgumentError("Expected a whole number from 1 to 999999.");
}

/** The domains that end the hosts of vaults. */
export function withDomains(command: Command): Command {
  return command
    .option("--cluster-domain <domain>", "what ends the name of every Service, after svc", "cluster.local")
    .option(
      "--vault-domain <domain>",
      "a domain that you own: vaults are also served at NAME.NAMESPACE.DOMAIN (default: they are not)",
    )
    .hook("preAction", () => {
      const { clusterDomain, vaultDomain } = command.opts<{ clusterDomain: string; vaultDomain?: string }>();
      const problem = vaultDomain === undefined ? undefined : vaultDomainProblem(vaultDomain, clusterDomain);
      if (problem !== undefined) command.error(`error: invalid --vault-domain "${vaultDomain}": ${problem}`);
    });
}

export function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
}
