/** What stands at a path of a JSON value; undefined where the path leads nowhere. */
export function valueAt(object: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    object,
  );
}
