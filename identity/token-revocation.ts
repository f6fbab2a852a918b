import { z } from "zod";
import { boundedText } from "./bounded-text.ts";
import { conditionsSchema } from "./condition.ts";
import { objectNameSchema } from "./dns-name.ts";
import { namespacedMetaSchema } from "./object-meta.ts";
import { immutable, rules } from "./validation-rule.ts";

/** Beyond it a namespace's revocations are not told apart: every token from before the newest of them is revoked. */
export const MOST_REVOCATIONS_OF_A_NAMESPACE = 1_000;

const oneOfThree = "exactly one of managedIdentity, pod and tokenId must be set";

/** What it takes back is what it was created for: another target is another revocation. */
export const immutableRevocationFields: readonly string[] = ["managedIdentity", "pod", "tokenId"];

const podSchema = z
  .object({
    name: objectNameSchema.describe("Name of the pod."),
    uid: boundedText(64).optional().describe("UID of the pod; every pod of that name when left out."),
  })
  .describe("The pod whose tokens are revoked: those of every identity that it used.");

export const tokenRevocationSpecSchema = z
  .object({
    managedIdentity: objectNameSchema
      .optional()
      .describe("Name of a ManagedIdentity in this namespace, all of whose tokens are revoked."),
    pod: podSchema.optional(),
    tokenId: z
      .string()
      .max(128)
      .regex(/^[\w.-]+$/, "expected the jti of a token")
      .optional()
      .describe("The `jti` of one token of an identity in this namespace."),
  })
  .refine(
    ({ managedIdentity, pod, tokenId }) =>
      [managedIdentity, pod, tokenId].filter((target) => target !== undefined).length === 1,
    oneOfThree,
  )
  .meta(
    rules(
      {
        rule: "[has(self.managedIdentity), has(self.pod), has(self.tokenId)].filter(isSet, isSet).size() == 1",
        message: oneOfThree,
      },
      ...immutableRevocationFields.map(immutable),
    ),
  )
  .describe("Whose tokens are revoked: those issued before this object was there.");

export const tokenRevocationStatusSchema = z
  .object({ conditions: conditionsSchema.optional() })
  .describe("What the operator observed.");

/**
 * Takes back tokens that were issued before it was created. Those issued afterwards are good: what ends an access for
 * good is to disable the identity or to delete its role assignments.
 */
export const tokenRevocationSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("TokenRevocation"),
  metadata: namespacedMetaSchema,
  spec: tokenRevocationSpecSchema,
  status: tokenRevocationStatusSchema.optional(),
});
export type TokenRevocation = z.infer<typeof tokenRevocationSchema>;
