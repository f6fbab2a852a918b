import { type Environment, EnvironmentReader, PORTS, SECONDS } from "./environment-reader.ts";
import { sidecarLimits } from "./limits.ts";
import type { OwnProcess } from "./own-status.ts";
import { DEFAULT_PORT } from "./settings.ts";

/** All that `wait` and `live` read from their environment, which is that of the process that serves. */
export interface WaitSettings extends OwnProcess {
  readonly limitSeconds: number;
}

export type ParsedWaitSettings =
  | { readonly kind: "settings"; readonly settings: WaitSettings }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

export function parseWaitSettings(environment: Environment): ParsedWaitSettings {
  const reader = new EnvironmentReader(environment);
  const settings = {
    port: reader.integer("LANYARD_PORT", DEFAULT_PORT, PORTS),
    endpointHeader: reader.required("LANYARD_ENDPOINT_HEADER"),
    limitSeconds: reader.integer("LANYARD_GATE_SECONDS", sidecarLimits.gateSeconds, SECONDS),
  };
  return reader.problems.length === 0 ? { kind: "settings", settings } : { kind: "invalid", problems: reader.problems };
}
