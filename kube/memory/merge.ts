import { isRecord } from "../../identity/json-equal.ts";
import { isItem, namedItems } from "./field-path.ts";
import type { PlainMap } from "./plain-value.ts";

/**
 * What an apply configuration makes of the live value: maps and named list items are merged, everything else is
 * replaced. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function merge(live: unknown, applied: unknown, at: readonly string[] = []): unknown {
  if (isRecord(live) && isRecord(applied)) return mergeMaps(live, applied, at);
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
