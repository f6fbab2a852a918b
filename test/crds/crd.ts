import { z } from "zod";
import { customResourceDefinition } from "../../crds/custom-resource-definition.ts";
import { type CustomResource, customResources } from "../../identity/custom-resources.ts";

/** A schema of a CRD, with all that it may say: a word that is not here fails the tests. */
export interface CrdSchema {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly default?: unknown;
  readonly enum?: readonly string[] | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, CrdSchema>> | undefined;
  readonly additionalProperties?: CrdSchema | undefined;
  readonly items?: CrdSchema | undefined;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map" | undefined;
  readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
  readonly "x-kubernetes-validations"?: readonly Rule[] | undefined;
}

export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string | undefined;
}

const crdSchema: z.ZodType<CrdSchema> = z.strictObject({
  type: z.string().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  maxProperties: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), crdSchema).optional();
  },
  get additionalProperties() {
    return crdSchema.optional();
  },
  get items() {
    return crdSchema.optional();
  },
  "x-kubernetes-list-type": z.enum(["atomic", "set", "map"]).optional(),
  "x-kubernetes-list-map-keys": z.array(z.string()).optional(),
  "x-kubernetes-validations": z
    .array(z.strictObject({ rule: z.string(), message: z.string(), fieldPath: z.string().optional() }))
    .optional(),
});

const crd = z.object({
  spec: z.object({
    scope: z.string(),
    names: z.object({ kind: z.string(), shortNames: z.array(z.string()), categories: z.array(z.string()) }).loose(),
    versions: z.tuple([
      z.object({
        name: z.string(),
        served: z.literal(true),
        storage: z.literal(true),
        subresources: z.strictObject({ status: z.strictObject({}) }),
        schema: z.object({ openAPIV3Schema: crdSchema }),
        additionalPrinterColumns: z.array(
          z.object({ name: z.string(), jsonPath: z.string(), description: z.string() }),
        ),
      }),
    ]),
  }),
});
export type Crd = z.infer<typeof crd>;

export const readCrd = (resource: CustomResource): Crd => crd.parse(customResourceDefinition(resource));

export const schemaOf = (resource: CustomResource): CrdSchema =>
  readCrd(resource).spec.versions[0].schema.openAPIV3Schema;

/** The two parts of a kind's schema that are Lanyard's own. */
export function specAndStatus(resource: CustomResource): { readonly spec: CrdSchema; readonly status: CrdSchema } {
  const { spec, status } = schemaOf(resource).properties ?? {};
  if (spec === undefined || status === undefined) throw new Error(`${resource.kind} has no spec or no status`);
  return { spec, status };
}

export interface Place {
  readonly path: string;
  readonly schema: CrdSchema;
}

/** Every schema within a schema, itself first, each with where it stands. */
export function places(schema: CrdSchema, path = ""): Place[] {
  const { properties = {}, items, additionalProperties } = schema;
  return [
    { path, schema },
    ...Object.entries(properties).flatMap(([name, property]) => places(property, `${path}.${name}`)),
    ...(items === undefined ? [] : places(items, `${path}[]`)),
    ...(additionalProperties === undefined ? [] : places(additionalProperties, `${path}{}`)),
  ];
}

/** Every schema of every CRD, but metadata, which the API server describes itself. */
export const allPlaces: readonly Place[] = customResources
  .flatMap((resource) => places(schemaOf(resource), resource.kind))
  .filter(({ path }) => !path.endsWith(".metadata"));
