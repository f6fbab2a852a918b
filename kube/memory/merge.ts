import { type FieldPath, isItem, namedItems, type PathElement } from "./field-path.ts";
import { isMap, type PlainMap } from "./plain-value.ts";

/**
 * What an apply configuration makes of the live value: maps and named list items are merged, everything else is
 * replaced. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function merge(live: unknown, applied: unknown, at: readonly string[] = []): unknown {
  if (isMap(live) && isMap(applied)) return mergeMaps(live, applied, at);
  if (Array.isArray(live) && Array.isArray(applied)) return mergeLists(live, applied, at);
  return applied;
}

function mergeMaps(live: PlainMap, applied: PlainMap, at: readonly string[]): PlainMap {
  const merged = Object.entries(applied).map(([name, field]) => [name, merge(live[name], field, [...at, name])]);
  return { ...live, ...Object.fromEntries(merged) };
}

/** Items stay where they are; new ones come last. */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], at: readonly string[]): readonly unknown[] {
  const named = namedItems(applied, at);
  if (named === undefined) return applied;
  const kept = live.map((item) => {
    const update = named.find(([element]) => isItem(item, element));
    return update === undefined ? item : merge(item, update[1], at);
  });
  const added = named.filter(([element]) => !live.some((item) => isItem(item, element)));
  return [...kept, ...added.map(([, item]) => item)];
}

/** The value without the field at a path; undefined when nothing is left of it. */
export function remove(value: unknown, path: FieldPath): unknown {
  const [element, ...rest] = path;
  if (element === undefined) return holdsOthers(value) ? value : undefined;
  if (element.kind === "field") return isMap(value) ? removeFrom(value, element.name, rest) : value;
  return Array.isArray(value) ? removeItem(value, element, rest) : value;
}

/** A map or a list that is not empty holds fields of others, which own them by themselves. */
function holdsOthers(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length > 0;
}

function removeFrom(map: PlainMap, name: string, rest: FieldPath): PlainMap | undefined {
  if (!Object.hasOwn(map, name)) return map;
  const { [name]: field, ...others } = map;
  const left = remove(field, rest);
  const result = left === undefined ? others : { ...map, [name]: left };
  return Object.keys(result).length === 0 ? undefined : result;
}

function removeItem(list: readonly unknown[], element: PathElement, rest: FieldPath): readonly unknown[] | undefined {
  const left = list.flatMap((item) => {
    if (!isItem(item, element)) return [item];
    const changed = rest.length === 0 ? undefined : remove(item, rest);
    return changed === undefined ? [] : [changed];
  });
  return left.length === 0 ? undefined : left;
}
