import { isRecord, jsonEqual } from "../../identity/json-equal.ts";
import { listType } from "./list-type.ts";

/**
 * One step into an object as `fieldsV1` writes it: `f:NAME` a field, `k:{"KEY":…}` the list item with that key,
 * `v:VALUE` the item of a set. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export type PathElement =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "item"; readonly key: string; readonly value: unknown }
  | { readonly kind: "member"; readonly value: unknown };

export type FieldPath = readonly PathElement[];

export function elementText(element: PathElement): string {
  switch (element.kind) {
    case "field":
      return `f:${element.name}`;
    case "item":
      return `k:${JSON.stringify({ [element.key]: element.value })}`;
    case "member":
      return `v:${JSON.stringify(element.value)}`;
  }
}

export function parseElement(text: string): PathElement {
  const rest = text.slice(2);
  if (text.startsWith("f:")) return { kind: "field", name: rest };
  const value: unknown = JSON.parse(rest);
  if (text.startsWith("v:")) return { kind: "member", value };
  const [key = "", item] = Object.entries(isRecord(value) ? value : {})[0] ?? [];
  return { kind: "item", key, value: item };
}

/** As the API server names a field in a conflict: `.status.conditions[type="Ready"].status`. */
export function pathText(path: FieldPath): string {
  return path
    .map((element) => {
      if (element.kind === "field") return `.${element.name}`;
      return element.kind === "item"
        ? `[${element.key}=${JSON.stringify(element.value)}]`
        : `[=${JSON.stringify(element.value)}]`;
    })
    .join("");
}

/** The names of the fields along a path, which is what a list's type hangs on. */
export function fieldNames(path: FieldPath): readonly string[] {
  return path.flatMap((element) => (element.kind === "field" ? [element.name] : []));
}

/** Whether an element of a list is the one that a path means. */
export function isItem(item: unknown, element: PathElement): boolean {
  if (element.kind === "member") return jsonEqual(item, element.value);
  return element.kind === "item" && isRecord(item) && jsonEqual(item[element.key], element.value);
}

/** The list's items with the element that names each; undefined for an atomic list, whose items have no names. */
export function namedItems(
  list: readonly unknown[],
  at: readonly string[],
): readonly (readonly [PathElement, unknown])[] | undefined {
  const type = listType(at);
  if (type.type === "atomic") return undefined;
  return list.map((item) => {
    if (type.type === "set") return [{ kind: "member", value: item }, item];
    return [{ kind: "item", key: type.key, value: fieldOf(item, type.key) }, item];
  });
}

export function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((inside, element) => {
    if (element.kind === "field") return fieldOf(inside, element.name);
    return Array.isArray(inside) ? inside.find((item) => isItem(item, element)) : undefined;
  }, value);
}

const fieldOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
