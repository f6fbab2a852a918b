import { environment } from "../identity/names.ts";
import { webhookLimits } from "./limits.ts";

/** Where the token endpoint of one pod listens, and the secret word that App Service clients send back. */
export interface TokenEndpoint {
  readonly port: number;
  readonly header: string;
  /** The protocols that it serves, by the sidecar's names for them; all of them when left out. */
  readonly dialects?: readonly string[];
  /** Where the pod's secrets are, if it asks for any. */
  readonly secretsDirectory?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
/** What no proxy can reach for the pod: its loopback, and the metadata service, whose packets may be redirected there. */
const ownHosts = ["127.0.0.1", "localhost", "169.254.169.254"];

/**
 * The variables that a program gets, given all of its environment: never empty, never over an author's value (api.md); an
 * author's list of proxy exceptions is extended at its end.
 */
export function injectedEnvironment(endpoint: TokenEndpoint, authored: Environment): Record<string, string> {
  return { ...identityVariables(endpoint, authored), ...withoutProxyToLoopback(authored) };
}

/** The two App Service variables mean something only together, so they come together or not at all. */
export function identityVariables(endpoint: TokenEndpoint, authored: Environment): Record<string, string> {
  const origin = `http://127.0.0.1:${endpoint.port}`;
  const appService = {
    [environment.identityEndpoint]: `${origin}/msi/token`,
    [environment.identityHeader]: endpoint.header,
  };
  const imds = { [environment.podIdentityAuthorityHost]: origin };
  const secrets =
    endpoint.secretsDirectory === undefined ? {} : { [environment.secretsDirectory]: endpoint.secretsDirectory };
  return {
    ...(serves(endpoint, "azure-app-service") ? unlessAuthored(appService, authored) : {}),
    ...(serves(endpoint, "azure-imds") ? unlessAuthored(imds, authored) : {}),
    ...unlessAuthored(secrets, authored),
  };
}

function serves({ dialects }: TokenEndpoint, dialect: string): boolean {
  return dialects?.includes(dialect) ?? true;
}

function unlessAuthored(variables: Record<string, string>, authored: Environment): Record<string, string> {
  return Object.keys(variables).some((name) => isSet(authored, name)) ? {} : variables;
}

/** A proxy would be asked for 127.0.0.1 too, and could not reach it. Both spellings are read, so both are extended. */
function withoutProxyToLoopback(authored: Environment): Record<string, string> {
  if (!proxyVariables.some((name) => isSet(authored, name) || isSet(authored, name.toLowerCase()))) return {};
  const { NO_PROXY: upper, no_proxy: lower } = authored;
  const lists = { NO_PROXY: exceptOwnHosts(upper ?? lower ?? ""), no_proxy: exceptOwnHosts(lower ?? upper ?? "") };
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => (list === undefined ? [] : [[name, list]])),
  );
}

/** Longer than a program can be given: splitting it would only cost time. */
export const isExtensible = (list: string): boolean => list.length <= webhookLimits.proxyExceptionsCharacters;

/**
 * A list of proxy exceptions with the hosts of the token endpoint at its end; undefined if it needs none or is too long.
 * What is written stays as it is written: the list may hold references to other variables.
 */
export function exceptOwnHosts(list: string): string | undefined {
  if (!isExtensible(list)) return undefined;
  const entries = list.split(",").map((entry) => entry.trim());
  if (entries.includes("*")) return undefined;
  const missing = ownHosts.filter((entry) => !entries.includes(entry));
  return [...(list === "" ? [] : [list]), ...missing].join(",");
}

function isSet(variables: Environment, name: string): boolean {
  return variables[name] !== undefined && variables[name] !== "";
}
