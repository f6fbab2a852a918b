import { COUNTS, type Environment, EnvironmentReader, PORTS, SECONDS } from "./environment-reader.ts";
import { defaultLimits, type Limits, sidecarLimits } from "./limits.ts";
import { readSecretFilesSettings, type SecretFilesSettings } from "./secret-files/secret-files-settings.ts";

/** All that the process in the pod reads from its environment. */
export interface Settings {
  readonly issuerUrl: string;
  /** PEM; undefined: the certificates that the system trusts. */
  readonly issuerCaFile: string | undefined;
  readonly subjectTokenFile: string;
  readonly endpointHeader: string;
  readonly port: number;
  readonly probePort: number | undefined;
  /** Undefined: all addresses. */
  readonly probeHost: string | undefined;
  readonly dialects: readonly string[];
  readonly tenantId: string | undefined;
  /** Fetched before the endpoint is ready. */
  readonly audiences: readonly string[];
  /** Undefined: none. */
  readonly secretFiles: SecretFilesSettings | undefined;
  readonly limits: Limits;
  /** An address of the issuer for the case that its name does not resolve. */
  readonly issuerAddress: string | undefined;
  /** How long to serve after SIGTERM at most; undefined: not at all, because the application ended before. */
  readonly drainSeconds: number | undefined;
}

export type ParsedSettings =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

export const DEFAULT_PORT = 4280;
const DEFAULT_SUBJECT_TOKEN_FILE = "/var/run/secrets/lanyard.dev/token";

/** Reads the environment once; every problem is found, not only the first. An empty variable counts as missing. */
export function parseSettings(environment: Environment, knownDialects: readonly string[]): ParsedSettings {
  const reader = new EnvironmentReader(environment);
  const settings: Settings = {
    issuerUrl: reader.url("LANYARD_ISSUER_URL"),
    issuerCaFile: reader.text("LANYARD_ISSUER_CA_FILE"),
    subjectTokenFile: reader.text("LANYARD_SUBJECT_TOKEN_FILE") ?? DEFAULT_SUBJECT_TOKEN_FILE,
    endpointHeader: reader.required("LANYARD_ENDPOINT_HEADER"),
    port: reader.integer("LANYARD_PORT", DEFAULT_PORT, PORTS),
    probePort: reader.has("LANYARD_PROBE_PORT") ? reader.integer("LANYARD_PROBE_PORT", 0, PORTS) : undefined,
    probeHost: reader.text("LANYARD_PROBE_HOST"),
    dialects: reader.subset("LANYARD_DIALECTS", knownDialects),
    tenantId: reader.text("LANYARD_TENANT_ID"),
    audiences: reader.list("LANYARD_AUDIENCES"),
    secretFiles: readSecretFilesSettings(reader),
    issuerAddress: reader.address("LANYARD_ISSUER_ADDRESS"),
    drainSeconds: reader.has("LANYARD_DRAIN_SECONDS")
      ? reader.integer("LANYARD_DRAIN_SECONDS", sidecarLimits.drainSeconds, SECONDS)
      : undefined,
    limits: {
      cachedTokens: reader.integer("LANYARD_CACHED_TOKENS", defaultLimits.cachedTokens, COUNTS),
      simultaneousIssuerCalls: reader.integer(
        "LANYARD_SIMULTANEOUS_ISSUER_CALLS",
        defaultLimits.simultaneousIssuerCalls,
        COUNTS,
      ),
      issuerCallsPerSecond: reader.integer(
        "LANYARD_ISSUER_CALLS_PER_SECOND",
        defaultLimits.issuerCallsPerSecond,
        COUNTS,
      ),
      bypassesPerSecond: reader.integer("LANYARD_BYPASSES_PER_SECOND", defaultLimits.bypassesPerSecond, COUNTS),
      idleSeconds: reader.integer("LANYARD_IDLE_SECONDS", defaultLimits.idleSeconds, SECONDS),
      confirmSeconds: reader.integer("LANYARD_CONFIRM_SECONDS", defaultLimits.confirmSeconds, SECONDS),
    },
  };
  return reader.problems.length === 0 ? { kind: "settings", settings } : { kind: "invalid", problems: reader.problems };
}
