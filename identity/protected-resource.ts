import { z } from "zod";
import { acceptedClaimsSchema } from "./accepted-claims.ts";
import { conditionsSchema } from "./condition.ts";
import { tokenLifetimeSchema } from "./duration.ts";
import { namespacedMetaSchema } from "./object-meta.ts";

export const signingAlgorithms = ["RS256", "ES256"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** What the header `typ` of a token says: RFC 9068 §2.1, or RFC 7519 §5.1 for verifiers that take nothing else. */
export const tokenTypes = ["at+jwt", "JWT"] as const;
export type TokenType = (typeof tokenTypes)[number];

const audienceSchema = z
  .string()
  .max(512)
  .regex(
    /^[\x21-\x2e\x30-\x7e][\x21-\x7e]*$/,
    "expected printable ASCII without spaces and with no slash in front, such as https://orders.shop.svc",
  )
  .describe("What an application asks a token for, and the `aud` of that token.");

const vaultSchema = z
  .object({
    softDeleteRetention: z
      .string()
      .max(3)
      .regex(/^(?:[7-9]|[1-8]\d|90)d$/, "expected a number of days from 7d to 90d")
      .default("90d")
      .describe("How long a deleted secret can be recovered before it is purged: 7d to 90d."),
  })
  .describe("How the vault keeps secrets.");

/** Days that a deleted secret can be recovered. */
export function softDeleteDays({ softDeleteRetention }: z.infer<typeof vaultSchema>): number {
  return Number.parseInt(softDeleteRetention, 10);
}

export const protectedResourceSpecSchema = z
  .object({
    audiences: z
      .array(audienceSchema)
      .min(1)
      .max(32)
      .refine((audiences) => new Set(audiences).size === audiences.length, "expected each audience once")
      .meta({ "x-kubernetes-list-type": "set" })
      .describe(
        "The audiences that belong to this resource. Each belongs to one resource only: that of a Service to the Service's namespace, any other to the resource that had it first.",
      ),
    assignmentRequired: z
      .boolean()
      .default(true)
      .describe(
        "True: no token for this resource without a role on it. False: any identity may have one, with the roles that it has.",
      ),
    signingAlgorithm: z
      .enum(signingAlgorithms)
      .default("RS256")
      .describe("How tokens for this resource are signed. ES256 is faster; RS256 is what every library verifies."),
    tokenType: z
      .enum(tokenTypes)
      .default("at+jwt")
      .describe(
        "The header typ of tokens for this resource. at+jwt is RFC 9068's; JWT is for verifiers that refuse it, such as the default resource server of Spring Boot.",
      ),
    acceptedClaims: acceptedClaimsSchema.optional(),
    maxTokenLifetime: tokenLifetimeSchema.optional().describe("Tokens for this resource live no longer: 10m to 24h."),
    vault: vaultSchema
      .optional()
      .describe("Makes this resource a vault of secrets, which Lanyard itself serves with the API of Azure Key Vault."),
  })
  .describe("Which tokens the service takes.");

export const protectedResourceStatusSchema = z
  .object({
    audiences: z
      .array(z.string().describe("An audience of this resource."))
      .optional()
      .meta({ "x-kubernetes-list-type": "atomic" })
      .describe("The audiences that this resource owns. It keeps each of them for as long as spec.audiences names it."),
    conditions: conditionsSchema.optional(),
  })
  .describe("What the operator observed.");

export const protectedResourceSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("ProtectedResource"),
  metadata: namespacedMetaSchema,
  spec: protectedResourceSpecSchema,
  status: protectedResourceStatusSchema.optional(),
});
export type ProtectedResource = z.infer<typeof protectedResourceSchema>;
