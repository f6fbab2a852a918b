import { isRecord } from "../../identity/json-equal.ts";
import type { CrdSchema } from "./crd.ts";

/**
 * Whether the API server would take a value for a schema, CEL rules aside: a second reading of the published rules,
 * to hold the zod schemas against.
 */
export function satisfies(schema: CrdSchema, value: unknown): boolean {
  switch (schema.type) {
    case "object":
      return isRecord(value) && objectFits(schema, value);
    case "array":
      return Array.isArray(value) && listFits(schema, value);
    case "string":
      return typeof value === "string" && textFits(schema, value);
    case "integer":
      return Number.isSafeInteger(value) && Number(value) >= (schema.minimum ?? Number.MIN_SAFE_INTEGER);
    default:
      return typeof value === schema.type;
  }
}

function objectFits(schema: CrdSchema, value: Readonly<Record<string, unknown>>): boolean {
  const { properties = {}, additionalProperties, required = [], maxProperties = Number.POSITIVE_INFINITY } = schema;
  const fits = ([name, field]: [string, unknown]): boolean => {
    const fieldSchema = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return fieldSchema === undefined || satisfies(fieldSchema, field);
  };
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).length <= maxProperties &&
    Object.entries(value).every(fits)
  );
}

function listFits(schema: CrdSchema, list: readonly unknown[]): boolean {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const isDistinct = schema["x-kubernetes-list-type"] !== "set" || new Set(list).size === list.length;
  const itemsFit = items === undefined || list.every((item) => satisfies(items, item));
  return list.length >= minItems && list.length <= maxItems && isDistinct && itemsFit;
}

/** The API server counts the characters of a text as code points. */
function textFits(schema: CrdSchema, text: string): boolean {
  const characters = [...text].length;
  return (
    characters >= (schema.minLength ?? 0) &&
    characters <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
    (schema.enum?.includes(text) ?? true) &&
    (schema.pattern === undefined || compiled(schema.pattern).test(text))
  );
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known;
}
