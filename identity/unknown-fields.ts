import { isRecord } from "./json-equal.ts";

export type FieldPath = readonly (string | number)[];

/** The part of a JSON Schema that says which fields there are. A zod schema's JSON Schema is one, and a CRD's is, too. */
export interface FieldSchema {
  readonly properties?: Readonly<Record<string, FieldSchema | boolean>> | undefined;
  readonly additionalProperties?: FieldSchema | boolean | undefined;
  readonly items?: FieldSchema | readonly (FieldSchema | boolean)[] | boolean | undefined;
}

export interface UnknownField {
  readonly path: FieldPath;
  /** The names that would be known there. */
  readonly known: readonly string[];
}

/** What is found, up to `most`. */
interface Search {
  readonly most: number;
  readonly found: UnknownField[];
}

/**
 * Fields of a value that its schema does not name, at most `most` of them. The API server drops such fields without a
 * word, so that a typo would be a setting that never counts. A schema without `properties` takes any field; so does one
 * with `additionalProperties`, which is a map.
 */
export function unknownFields(
  schema: FieldSchema | boolean | undefined,
  value: unknown,
  most = Number.POSITIVE_INFINITY,
): UnknownField[] {
  const search: Search = { most, found: [] };
  inValue(search, schema, value, []);
  return search.found;
}

function inValue(search: Search, schema: FieldSchema | boolean | undefined, value: unknown, path: FieldPath): void {
  if (typeof schema !== "object" || isOver(search)) return;
  if (Array.isArray(value)) inList(search, schema, value, path);
  else if (isRecord(value)) inObject(search, schema, value, path);
}

type Members = Readonly<Record<string, unknown>>;

function inObject(search: Search, schema: FieldSchema, value: Members, path: FieldPath): void {
  const { properties = {}, additionalProperties } = schema;
  const isOpen = schema.properties === undefined || (additionalProperties ?? false) !== false;
  for (const name of Object.keys(value)) {
    if (isOver(search)) return;
    if (Object.hasOwn(properties, name)) inValue(search, properties[name], value[name], [...path, name]);
    else if (isOpen) inValue(search, additionalProperties, value[name], [...path, name]);
    else search.found.push({ path: [...path, name], known: Object.keys(properties) });
  }
}

function inList(search: Search, { items }: FieldSchema, list: readonly unknown[], path: FieldPath): void {
  for (const [at, item] of list.entries()) {
    if (isOver(search)) return;
    inValue(search, isTuple(items) ? items[at] : items, item, [...path, at]);
  }
}

const isOver = ({ most, found }: Search): boolean => found.length >= most;

function isTuple(items: FieldSchema["items"]): items is readonly (FieldSchema | boolean)[] {
  return Array.isArray(items);
}
