import { isRecord } from "../../identity/json-equal.ts";

/** Objects as plain JSON values, which the API server compares and merges without knowing their types. */
export type PlainMap = Readonly<Record<string, unknown>>;

/** A deep copy without fields that say nothing: the API server drops a null of a field that is not nullable. */
export function plainCopy<T>(value: T): T;
export function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plainCopy(item));
  if (!isRecord(value)) return value;
  const said = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
  return Object.fromEntries(said.map(([name, field]) => [name, plainCopy(field)]));
}

/** Freezes a value and all in it: what is handed out is a snapshot that nobody changes. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const field of Object.values(value)) deepFreeze(field);
  return value;
}

/** The map without some of its fields. */
export function omit(map: PlainMap, names: readonly string[]): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)));
}
