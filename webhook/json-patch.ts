/** RFC 6902, as far as the webhook needs it. */
export interface PatchOperation {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: unknown;
}

/** RFC 6901 §3. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

type List = readonly unknown[] | null | undefined;

/** Adds to the end of a list that may be missing. */
export function append(path: string, list: List, items: readonly unknown[]): PatchOperation[] {
  if (items.length === 0) return [];
  if (!list) return [{ op: "add", path, value: items }];
  return items.map((value) => ({ op: "add", path: `${path}/-`, value }));
}

/** Adds to the front of a list that may be missing. What stands in the list moves back: patch that before. */
export function prepend(path: string, list: List, items: readonly unknown[]): PatchOperation[] {
  if (items.length === 0) return [];
  if (!list) return [{ op: "add", path, value: items }];
  return items.map((value, at) => ({ op: "add", path: `${path}/${at}`, value }));
}

type Members = Readonly<Record<string, string>> | null | undefined;

/** Sets members of an object that may be missing; those that have their value already are left alone. */
export function setMembers(path: string, object: Members, members: Readonly<Record<string, string>>): PatchOperation[] {
  const changed = Object.entries(members).filter(([key, value]) => object?.[key] !== value);
  if (changed.length === 0) return [];
  if (!object) return [{ op: "add", path, value: Object.fromEntries(changed) }];
  return changed.map(([key, value]) => ({ op: "add", path: path + pointer(key), value }));
}
