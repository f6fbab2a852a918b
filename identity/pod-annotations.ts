import { isDnsLabel, isDnsSubdomain } from "./dns-name.ts";
import { nearestName } from "./nearest-name.ts";

/** What an author may write in the annotations of a pod. Each reader gives undefined for what cannot be meant. */

/** The clouds whose protocol the token endpoint of a pod speaks. */
export const dialectNames = ["azure"] as const;
export type DialectName = (typeof dialectNames)[number];

export const sidecarModes = ["native", "classic"] as const;
export type SidecarMode = (typeof sidecarModes)[number];

/** What the application's containers wait for. */
export type Gate =
  | { readonly kind: "none" }
  /** Until the issuer confirms that the pod may use an identity. */
  | { readonly kind: "identity" }
  /** Until there is a token for each of these audiences. */
  | { readonly kind: "audiences"; readonly audiences: readonly string[] };

/** The sidecar has no right to bind a port below. */
export const LOWEST_PORT = 1024;
export const HIGHEST_PORT = 65_535;

export const switchValues = ["true", "false"] as const;

export function readBoolean(value: string): boolean | undefined {
  return value === "true" ? true : value === "false" ? false : undefined;
}

export function readPort(value: string): number | undefined {
  const port = /^\d{4,5}$/.test(value) ? Number(value) : 0;
  return port >= LOWEST_PORT && port <= HIGHEST_PORT ? port : undefined;
}

export function readSidecarMode(value: string): SidecarMode | undefined {
  return sidecarModes.find((mode) => mode === value);
}

/** Parts between commas; empty ones do not count. */
export function readList(value: string): string[] {
  const parts = value.split(",").map((part) => part.trim());
  return [...new Set(parts)].filter((part) => part !== "");
}

export function readDialects(value: string): DialectName[] | undefined {
  const written = readList(value);
  const known = dialectNames.filter((name) => written.includes(name));
  return written.length > 0 && known.length === written.length ? known : undefined;
}

export function readGate(value: string): Gate | undefined {
  const isOn = readBoolean(value);
  if (isOn !== undefined) return { kind: isOn ? "identity" : "none" };
  const audiences = readList(value);
  if (audiences.length === 1 && audiences.some(isMisspeltSwitch)) return undefined;
  return audiences.length > 0 && audiences.every(isAudience) ? { kind: "audiences", audiences } : undefined;
}

/** `[NAMESPACE/]NAME`: without a namespace the pod's own is meant. */
export function readIdentity(
  value: string,
  ownNamespace: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const slash = value.indexOf("/");
  const namespace = slash === -1 ? ownNamespace : value.slice(0, slash);
  const name = value.slice(slash + 1);
  return isDnsSubdomain(name) && (slash === -1 || isDnsLabel(namespace)) ? { namespace, name } : undefined;
}

/** `False` would be an audience that nobody registers. What is written like a URL, a URN or a host name is one. */
function isMisspeltSwitch(text: string): boolean {
  return !/[:/.]/.test(text) && nearestName(text, switchValues) !== undefined;
}

/** Printable ASCII without spaces or commas, as the sidecar takes it. */
function isAudience(text: string): boolean {
  return text.length <= 512 && /^[\x21-\x7e]+$/.test(text);
}
