import { isRecord } from "../../identity/json-equal.ts";
import { type FieldPath, fieldNames, isItem, type PathElement, valueAt } from "./field-path.ts";
import { type FieldSet, pathKey } from "./field-set.ts";
import { listType } from "./list-type.ts";
import { omit } from "./plain-value.ts";

/** The value without some fields, and without the maps and lists which that leaves empty, unless somebody owns them. */
export function prune(value: unknown, dropped: FieldSet, isOwned: (key: string) => boolean): unknown {
  return [...dropped.values()].reduce((left, path) => {
    if (holdsOthers(valueAt(left, path), path)) return left;
    return withoutEmptyParents(without(left, path), path.slice(0, -1), isOwned);
  }, value);
}

/** What others put into a map or a list is theirs; an item goes as a whole. */
function holdsOthers(value: unknown, path: FieldPath): boolean {
  if (path.at(-1)?.kind !== "field" || isEmpty(value)) return false;
  return isRecord(value) || (Array.isArray(value) && listType(fieldNames(path)).type !== "atomic");
}

function withoutEmptyParents(value: unknown, parent: FieldPath, isOwned: (key: string) => boolean): unknown {
  if (parent.length === 0 || isOwned(pathKey(parent)) || !isEmpty(valueAt(value, parent))) return value;
  return withoutEmptyParents(without(value, parent), parent.slice(0, -1), isOwned);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function without(value: unknown, [element, ...rest]: FieldPath): unknown {
  if (element === undefined) return value;
  if (element.kind === "field") return isRecord(value) ? withoutField(value, element.name, rest) : value;
  return Array.isArray(value) ? withoutItem(value, element, rest) : value;
}

function withoutField(map: Readonly<Record<string, unknown>>, name: string, rest: FieldPath): unknown {
  if (!Object.hasOwn(map, name)) return map;
  return rest.length === 0 ? omit(map, [name]) : { ...map, [name]: without(map[name], rest) };
}

function withoutItem(list: readonly unknown[], element: PathElement, rest: FieldPath): unknown {
  if (rest.length === 0) return list.filter((item) => !isItem(item, element));
  return list.map((item) => (isItem(item, element) ? without(item, rest) : item));
}
