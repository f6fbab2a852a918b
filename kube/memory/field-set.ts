import { isRecord } from "../../identity/json-equal.ts";
import { elementText, type FieldPath, fieldNames, namedItems, type PathElement, parseElement } from "./field-path.ts";
import type { PlainMap } from "./plain-value.ts";

/** Which fields of an object somebody owns. Keyed by the path's text, so that sets of paths can be compared. */
export type FieldSet = ReadonlyMap<string, FieldPath>;

/** The fields that a value sets: its leaves, and the items of its keyed lists. */
export function fieldsOf(value: unknown): FieldSet {
  return new Map([...leaves(value, [])].map((path) => [pathKey(path), path]));
}

function* leaves(value: unknown, path: FieldPath): Iterable<FieldPath> {
  const children = childrenOf(value, path);
  if (path.length > 0 && (children.length === 0 || path.at(-1)?.kind === "item")) yield path;
  for (const [element, child] of children) yield* leaves(child, [...path, element]);
}

/** None when the value is owned as a whole: a scalar, an atomic list, and what is empty. */
function childrenOf(value: unknown, path: FieldPath): readonly (readonly [PathElement, unknown])[] {
  if (Array.isArray(value)) return namedItems(value, fieldNames(path)) ?? [];
  if (!isRecord(value) || path.at(-1)?.kind === "member") return [];
  return Object.entries(value).map(([name, field]) => [{ kind: "field", name }, field]);
}

export const pathKey = (path: FieldPath): string => path.map(elementText).join("\n");

/** What is in the first set and in none of the others. */
export function without(fields: FieldSet, ...others: readonly FieldSet[]): FieldSet {
  return new Map([...fields].filter(([key]) => !others.some((other) => other.has(key))));
}

export function isSameSet(one: FieldSet, other: FieldSet): boolean {
  return one.size === other.size && without(one, other).size === 0;
}

/** The set as `managedFields` stores it; `.` stands for the parent itself. */
export function toFieldsV1(fields: FieldSet): PlainMap {
  const root: Tree = new Map();
  for (const path of fields.values()) insert(root, path);
  return treeToMap(root);
}

interface Tree extends Map<string, Tree> {}

function insert(root: Tree, path: FieldPath): void {
  const node = path.map(elementText).reduce((tree, text) => branch(tree, text), root);
  branch(node, ".");
}

function branch(tree: Tree, text: string): Tree {
  const child = tree.get(text) ?? new Map();
  tree.set(text, child);
  return child;
}

function treeToMap(tree: Tree): PlainMap {
  const onlyItself = tree.size === 1 && tree.has(".");
  return onlyItself ? {} : Object.fromEntries([...tree].map(([text, child]) => [text, treeToMap(child)]));
}

export function fromFieldsV1(tree: unknown): FieldSet {
  return new Map([...paths(tree, [])].map((path) => [pathKey(path), path]));
}

function* paths(tree: unknown, path: FieldPath): Iterable<FieldPath> {
  const children = Object.entries(isRecord(tree) ? tree : {});
  if (path.length > 0 && (children.length === 0 || children.some(([text]) => text === "."))) yield path;
  for (const [text, child] of children) {
    if (text !== ".") yield* paths(child, [...path, parseElement(text)]);
  }
}
