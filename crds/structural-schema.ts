import { z } from "zod";
import { isRecord } from "../identity/json-equal.ts";

/** A schema as the API server takes it in a CRD. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema */
export type StructuralSchema = Readonly<Record<string, unknown>>;

/** What may stand in a structural schema, in the order in which it is written out. */
const keywords = [
  ...["description", "type", "default", "enum", "pattern", "minLength", "maxLength", "minimum"],
  ...["minItems", "maxItems", "minProperties", "maxProperties", "required"],
  ...["x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-validations"],
];

/**
 * JSON Schema that says nothing to the API server, or that is said otherwise: names of a map's entries by a CEL rule, a
 * text's format by its pattern. The API server takes a list where a text has the format date-time.
 */
const leftOut = ["$schema", "propertyNames", "format"];

/** The zod schema of what a person writes, as a structural schema. Throws when zod says what a structural schema cannot. */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return convert(z.toJSONSchema(schema, { io: "input" }));
}

function convert(schema: unknown): StructuralSchema {
  if (!isRecord(schema)) throw new Error(`not a structural schema: ${JSON.stringify(schema)}`);
  const { properties, additionalProperties, items, maximum, ...rest } = schema;
  const unsayable = Object.keys(rest).filter((keyword) => !keywords.includes(keyword) && !leftOut.includes(keyword));
  if (unsayable.length > 0) throw new Error(`a structural schema has no ${unsayable.join(", ")}`);
  return {
    ...Object.fromEntries(keywords.filter((keyword) => keyword in rest).map((keyword) => [keyword, rest[keyword]])),
    ...(schema.type === "integer" ? wholeNumber(maximum) : {}),
    ...(isRecord(properties) ? { properties: convertEach(properties) } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties: convert(additionalProperties) }),
    ...(items === undefined ? {} : { items: convert(items) }),
  };
}

function convertEach(properties: Readonly<Record<string, unknown>>): StructuralSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, convert(property)]));
}

/** JavaScript's largest whole number is zod's own bound, and means none. */
function wholeNumber(maximum: unknown): StructuralSchema {
  return maximum === Number.MAX_SAFE_INTEGER ? { format: "int64" } : { format: "int64", maximum };
}
