import { defaultLimits, type Limits } from "./limits.ts";

/** All that the process in the pod reads from its environment. */
export interface Settings {
  readonly issuerUrl: string;
  readonly subjectTokenFile: string;
  readonly endpointHeader: string;
  readonly port: number;
  readonly probePort: number | undefined;
  readonly dialects: readonly string[];
  readonly tenantId: string | undefined;
  /** Fetched before the endpoint is ready. */
  readonly audiences: readonly string[];
  readonly limits: Limits;
}

export type ParsedSettings =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 4280;
const DEFAULT_SUBJECT_TOKEN_FILE = "/var/run/secrets/lanyard.dev/token";

/** Reads the environment once; every problem is found, not only the first. An empty variable counts as missing. */
export function parseSettings(environment: Environment, knownDialects: readonly string[]): ParsedSettings {
  const reader = new Reader(environment);
  const settings: Settings = {
    issuerUrl: reader.url("LANYARD_ISSUER_URL"),
    subjectTokenFile: reader.text("LANYARD_SUBJECT_TOKEN_FILE") ?? DEFAULT_SUBJECT_TOKEN_FILE,
    endpointHeader: reader.required("LANYARD_ENDPOINT_HEADER"),
    port: reader.integer("LANYARD_PORT", DEFAULT_PORT, PORTS),
    probePort: reader.has("LANYARD_PROBE_PORT") ? reader.integer("LANYARD_PROBE_PORT", 0, PORTS) : undefined,
    dialects: reader.subset("LANYARD_DIALECTS", knownDialects),
    tenantId: reader.text("LANYARD_TENANT_ID"),
    audiences: reader.list("LANYARD_AUDIENCES"),
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

interface Range {
  readonly from: number;
  readonly to: number;
}
const PORTS: Range = { from: 0, to: 65_535 };
const COUNTS: Range = { from: 1, to: 10_000 };
const SECONDS: Range = { from: 1, to: 86_400 };

class Reader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  has(name: string): boolean {
    return this.text(name) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#environment[name]?.trim();
    return value === "" ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) this.problems.push(`${name} is missing.`);
    return value ?? "";
  }

  url(name: string): string {
    const value = this.required(name);
    if (value !== "" && !/^https?:\/\/[^/?#]+/.test(value)) {
      this.problems.push(`${name} must be an http or https URL, such as https://issuer.lanyard-system.svc.`);
    }
    return value;
  }

  integer(name: string, fallback: number, range: Range): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= range.from && number <= range.to) return number;
    this.problems.push(`${name} must be a whole number from ${range.from} to ${range.to}.`);
    return fallback;
  }

  list(name: string): readonly string[] {
    const parts = (this.text(name) ?? "").split(",").map((part) => part.trim());
    return parts.filter((part) => part !== "");
  }

  subset(name: string, known: readonly string[]): readonly string[] {
    const chosen = this.list(name);
    const unknown = chosen.filter((part) => !known.includes(part));
    if (unknown.length > 0) {
      this.problems.push(`${name}: ${unknown.join(", ")} unknown; known are ${known.join(", ")}.`);
    }
    return chosen.length === 0 ? known : chosen;
  }
}
