/** Objects as plain JSON values, which the API server compares and merges without knowing their types. */
export type PlainMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy without fields that say nothing: the API server drops a null of a field that is not nullable. */
export function plainCopy<T>(value: T): T;
export function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plainCopy(item));
  if (!isMap(value)) return value;
  const said = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
  return Object.fromEntries(said.map(([name, field]) => [name, plainCopy(field)]));
}

/** Whether two values say the same; the order of fields does not count, the order of items does. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isMap(one) || !isMap(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
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
