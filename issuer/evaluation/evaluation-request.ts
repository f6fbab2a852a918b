import { z } from "zod";
import { isAction } from "../../identity/action.ts";
import { LONGEST_AUDIENCE, LONGEST_NAME } from "../../identity/condition-variables.ts";
import { parseScope, resourceOf } from "../../identity/scope.ts";
import { subresourceSchema } from "../../identity/subresource.ts";
import { issuerLimits } from "../limits.ts";

const LONGEST_ID = 1024;
const MOST_EVALUATIONS = issuerLimits.evaluationsPerBatch;

const id = z.string().min(1).max(LONGEST_ID);
const properties = z.record(z.string(), z.unknown()).optional();

/** A token is bounded by what fits into a header. */
const LONGEST_TOKEN = 16 * 1024;

/** §5.1, of which one property has a meaning here: the access token that the subject showed to the caller. */
const subjectSchema = z.object({
  type: z.literal("managed_identity"),
  id,
  properties: z.looseObject({ access_token: z.string().min(1).max(LONGEST_TOKEN).optional() }).optional(),
});
const actionSchema = z.object({
  name: z.string().refine(isAction, 'expected an action such as "secrets/read"'),
  properties,
});

/** §5.3, of which one property has a meaning here: which part of the resource is meant. */
const resourceSchema = z
  .object({
    type: z.string().min(1).max(64),
    id,
    properties: z.looseObject({ subresource: subresourceSchema.optional() }).optional(),
  })
  .refine(({ id, properties }) => properties?.subresource === undefined || mayHaveParts(id), {
    path: ["properties", "subresource"],
    message: "is part of a resource: let resource.id be its audience, or its scope",
  });

/** What is no scope can be an audience. */
function mayHaveParts(id: string): boolean {
  const scope = parseScope(id);
  return scope === undefined || scope === resourceOf(scope);
}

const name = z.string().min(1).max(LONGEST_NAME);

/** §5.4, of which two members have a meaning here: what conditions ask for. The others are the caller's own. */
const contextSchema = z
  .looseObject({
    audience: z.string().min(1).max(LONGEST_AUDIENCE).optional(),
    pod: z.object({ namespace: name, name, uid: name.optional() }).optional(),
  })
  .optional();

/** OpenID AuthZEN Authorization API 1.0 §6.1. What it does not name is allowed and ignored (§5). */
export const evaluationSchema = z.object({
  subject: subjectSchema,
  action: actionSchema,
  resource: resourceSchema,
  context: contextSchema,
});
export type EvaluationRequest = z.infer<typeof evaluationSchema>;

const semantics = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] as const;
export type Semantics = (typeof semantics)[number];

/** AuthZEN §7.1: members at the top are the defaults of each evaluation. */
export const evaluationsSchema = z.object({
  subject: subjectSchema.optional(),
  action: actionSchema.optional(),
  resource: resourceSchema.optional(),
  context: contextSchema,
  evaluations: z.array(evaluationSchema.partial()).max(MOST_EVALUATIONS).optional(),
  options: z.object({ evaluations_semantic: z.enum(semantics).default("execute_all") }).optional(),
});
