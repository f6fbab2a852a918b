import { z } from "zod";
import { type CustomResource, customResources } from "./custom-resources.ts";
import { fewIssuesInWords, quoted } from "./issue-words.ts";
import { isRecord, jsonEqual } from "./json-equal.ts";
import { clusterManifestMetaSchema, manifestMetaSchema } from "./manifest-meta.ts";
import { API_VERSION } from "./names.ts";
import { didYouMean } from "./nearest-name.ts";
import { type FieldPath, type FieldSchema, type UnknownField, unknownFields } from "./unknown-fields.ts";
import { immutableMessage } from "./validation-rule.ts";

/** So many problems of an object are looked for: finding words for more would cost time, and help no reader. */
export const MOST_PROBLEMS = 20;

/** One thing that is wrong with an object, and where. */
export interface Problem {
  readonly path: FieldPath;
  readonly message: string;
}

/** An object of one of Lanyard's kinds as a person writes it: no status, and no metadata that only the API server sets. */
interface ValidManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: z.infer<typeof manifestMetaSchema>;
  readonly spec: object;
  readonly [field: string]: unknown;
}

export type Validation =
  | { readonly kind: "valid"; readonly object: ValidManifest }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** What is to be said of an object's fields, with what is unknown apart: it may come from a newer version. */
export interface Inspection {
  /** With defaults filled in; undefined when something is wrong. */
  readonly object: ValidManifest | undefined;
  readonly wrong: readonly Problem[];
  readonly unknown: readonly Problem[];
}

export function inspectObject(kind: string, object: unknown): Inspection {
  const validator = validators.get(kind);
  if (validator === undefined) return { object: undefined, wrong: [unknownKind(kind)], unknown: [] };
  const parsed = validator.schema.safeParse(object, { error: fewIssuesInWords(MOST_PROBLEMS), reportInput: true });
  return {
    object: parsed.data,
    wrong: (parsed.error?.issues ?? []).slice(0, MOST_PROBLEMS).map(problemOf),
    unknown: unknownFields(validator.fields, object, MOST_PROBLEMS).map(unknownField),
  };
}

/** Checks an object of one of Lanyard's kinds as the API server would, and gives it back with defaults filled in. */
export function validateObject(kind: string, object: unknown): Validation {
  const { object: valid, wrong, unknown } = inspectObject(kind, object);
  if (valid !== undefined && unknown.length === 0) return { kind: "valid", object: valid };
  return { kind: "invalid", problems: [...unknown, ...wrong].slice(0, MOST_PROBLEMS) };
}

/** Checks the metadata of an object of any namespaced kind, Kubernetes' own too, as the API server would. */
export function metadataProblems(object: unknown): Problem[] {
  const parsed = anyObject.schema.safeParse(object, { error: fewIssuesInWords(MOST_PROBLEMS), reportInput: true });
  const unknown = unknownFields(anyObject.fields, object, MOST_PROBLEMS).map(unknownField);
  const wrong = (parsed.error?.issues ?? []).slice(0, MOST_PROBLEMS).map(problemOf);
  return [...unknown, ...wrong].slice(0, MOST_PROBLEMS);
}

/** What an update would change that cannot change. Both objects have their defaults; the CRD says the same in CEL. */
export function immutableChanges(kind: string, before: unknown, after: unknown): Problem[] {
  const fields = customResources.find((resource) => resource.kind === kind)?.immutableFields ?? [];
  const [old, wanted] = [specOf(before), specOf(after)];
  return fields
    .filter((field) => !jsonEqual(old[field], wanted[field]))
    .map((field) => ({ path: ["spec", field], message: immutableMessage(field) }));
}

interface Validator {
  readonly schema: z.ZodType<ValidManifest>;
  readonly fields: FieldSchema;
}

const validators: ReadonlyMap<string, Validator> = new Map(
  customResources.map((resource) => [resource.kind, validatorFor(resource)]),
);

const anyObject = {
  schema: z.looseObject({ metadata: manifestMetaSchema }),
  fields: {
    properties: { metadata: z.toJSONSchema(manifestMetaSchema, { io: "input", unrepresentable: "any" }) },
    additionalProperties: true,
  },
} as const;

function validatorFor({ kind, namespaced, spec }: CustomResource): Validator {
  const manifest = z.object({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal(kind),
    metadata: namespaced ? manifestMetaSchema : clusterManifestMetaSchema,
    spec,
    status: z.unknown().optional(),
  });
  return { schema: manifest.loose(), fields: z.toJSONSchema(manifest, { io: "input", unrepresentable: "any" }) };
}

function unknownKind(kind: string): Problem {
  const known = customResources.map((resource) => resource.kind);
  return {
    path: ["kind"],
    message: `expected one of ${known.join(", ")}; got ${quoted(kind)}.${didYouMean(kind, known)}`.replace(/\.$/, ""),
  };
}

function unknownField({ path, known }: UnknownField): Problem {
  const hint = didYouMean(String(path.at(-1)), known);
  return { path, message: hint === "" ? `unknown field. Known here: ${known.join(", ")}` : `unknown field.${hint}` };
}

/** Paths of JSON have no symbols. A value that has the wrong form is shown, since the form alone is hard to find in a file. */
function problemOf(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  const isForm = issue.code === "invalid_format" && typeof issue.input === "string";
  return { path, message: isForm ? `${issue.message}; got ${quoted(String(issue.input))}` : issue.message };
}

function specOf(object: unknown): Readonly<Record<string, unknown>> {
  return isRecord(object) && isRecord(object.spec) ? object.spec : {};
}
