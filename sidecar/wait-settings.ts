import { type Environment, EnvironmentReader, PORTS, SECONDS } from "./environment-reader.ts";

/** All that `lanyard-sidecar wait` reads from its environment, which is that of the process that it waits for. */
export interface WaitSettings {
  readonly url: string;
  readonly limitSeconds: number;
}

export type ParsedWaitSettings =
  | { readonly kind: "settings"; readonly settings: WaitSettings }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

const DEFAULT_LIMIT_SECONDS = 60;
const EVERY_ADDRESS: readonly (string | undefined)[] = [undefined, "::", "0.0.0.0"];

export function parseWaitSettings(environment: Environment): ParsedWaitSettings {
  const reader = new EnvironmentReader(environment);
  reader.required("LANYARD_PROBE_PORT");
  const port = reader.integer("LANYARD_PROBE_PORT", 0, PORTS);
  const given = reader.text("LANYARD_PROBE_HOST");
  const host = EVERY_ADDRESS.includes(given) ? "127.0.0.1" : given;
  const limitSeconds = reader.integer("LANYARD_GATE_SECONDS", DEFAULT_LIMIT_SECONDS, SECONDS);
  const settings = { url: `http://${host?.includes(":") ? `[${host}]` : host}:${port}/readyz`, limitSeconds };
  return reader.problems.length === 0 ? { kind: "settings", settings } : { kind: "invalid", problems: reader.problems };
}
