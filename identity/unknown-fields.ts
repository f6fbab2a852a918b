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

/**
 * Fields of a value that its schema does not name. The API server drops such fields without a word, so that a typo
 * would be a setting that never counts. A schema without `properties` takes any field; so does one with
 * `additionalProperties`, which is a map.
 */
export function unknownFields(schema: FieldSchema | boolean | undefined, value: unknown): UnknownField[] {
  if (typeof schema !== "object") return [];
  if (Array.isArray(value)) return inList(schema, value);
  return isRecord(value) ? inObject(schema, value) : [];
}

function inObject(schema: FieldSchema, value: Readonly<Record<string, unknown>>): UnknownField[] {
  const { properties = {}, additionalProperties } = schema;
  const isOpen = schema.properties === undefined || (additionalProperties ?? false) !== false;
  return Object.entries(value).flatMap(([name, field]) => {
    if (Object.hasOwn(properties, name)) return below(name, unknownFields(properties[name], field));
    if (isOpen) return below(name, unknownFields(additionalProperties, field));
    return [{ path: [name], known: Object.keys(properties) }];
  });
}

function inList({ items }: FieldSchema, list: readonly unknown[]): UnknownField[] {
  const itemSchema = (at: number): FieldSchema | boolean | undefined => (isTuple(items) ? items[at] : items);
  return list.flatMap((item, at) => below(at, unknownFields(itemSchema(at), item)));
}

function isTuple(items: FieldSchema["items"]): items is readonly (FieldSchema | boolean)[] {
  return Array.isArray(items);
}

function below(step: string | number, fields: readonly UnknownField[]): UnknownField[] {
  return fields.map(({ path, known }) => ({ path: [step, ...path], known }));
}
