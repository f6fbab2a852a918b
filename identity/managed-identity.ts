import { z } from "zod";
import { conditionsSchema } from "./condition.ts";
import { dnsLabelPattern, dnsSubdomainPattern } from "./dns-name.ts";
import { tokenLifetimeSchema } from "./duration.ts";
import { namespacedMetaSchema } from "./object-meta.ts";
import { immutable, rule } from "./validation-rule.ts";

/** Claims that Lanyard or a standard writes; an identity may not claim them for itself (RFC 7519 §4.1, OIDC Core §2, Entra access tokens). */
export const reservedClaims: ReadonlySet<string> = new Set([
  ...["iss", "aud", "sub", "exp", "nbf", "iat", "jti", "typ", "alg", "kid", "cnf", "act", "may_act", "azp", "nonce"],
  ...[
    "oid",
    "tid",
    "appid",
    "appidacr",
    "azpacr",
    "idtyp",
    "ver",
    "roles",
    "scp",
    "scope",
    "groups",
    "wids",
    "xms_mirid",
  ],
  ...["acr", "amr", "auth_time", "client_id", "at_hash", "c_hash", "sid", "upn", "email", "preferred_username"],
  ...["kubernetes.io", "status"],
]);

const reservedClaimsInCel = `[${[...reservedClaims].map((name) => `'${name}'`).join(", ")}]`;

export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

const subjectSchema = z.object({
  serviceAccount: z
    .string()
    .max(253)
    .regex(new RegExp(dnsSubdomainPattern))
    .describe("Name of the ServiceAccount whose pods may use this identity."),
  namespace: z
    .string()
    .max(63)
    .regex(new RegExp(dnsLabelPattern))
    .optional()
    .describe(
      "Namespace of the ServiceAccount; this identity's own when left out. A pod in another namespace must also name the identity in its annotation lanyard.dev/identity.",
    ),
});
export type Subject = z.infer<typeof subjectSchema>;

const workloadSchema = z
  .object({
    apiVersion: z.string().max(253).describe("API version of the workload, such as apps/v1."),
    kind: z.enum(workloadKinds).describe("Kind of the workload."),
    name: z.string().max(253).describe("Name of the workload."),
    uid: z.string().max(64).describe("UID of the workload: one of the same name made later is another workload."),
  })
  .describe("The one workload that a system-assigned identity belongs to. Only the operator writes this.");

const claimsSchema = z
  .record(z.string().max(128), z.string().max(1024))
  .refine((claims) => Object.keys(claims).length <= 32, "expected at most 32 claims")
  .refine((claims) => Object.keys(claims).every((name) => !reservedClaims.has(name)), {
    error: (issue) =>
      `claim "${Object.keys(issue.input as object).find((name) => reservedClaims.has(name))}" is reserved: choose another name`,
  })
  .meta({
    maxProperties: 32,
    ...rule(`self.all(name, !(name in ${reservedClaimsInCel}))`, "names a reserved claim: choose another name"),
  })
  .describe("Claims that every token of this identity carries besides the standard ones.");

export const managedIdentitySpecSchema = z
  .object({
    type: z
      .enum(["UserAssigned", "SystemAssigned"])
      .default("UserAssigned")
      .meta(immutable("type"))
      .describe(
        "UserAssigned stands alone and is shared; SystemAssigned lives and dies with one workload and is made by the operator only.",
      ),
    subjects: z
      .array(subjectSchema)
      .max(1000)
      .optional()
      .meta({ "x-kubernetes-list-type": "atomic" })
      .describe("Who may use this identity. None means nobody."),
    workload: workloadSchema.optional(),
    token: z
      .object({
        lifetime: tokenLifetimeSchema
          .default("1h")
          .describe("How long a token of this identity is good for: 10m to 24h."),
        claims: claimsSchema.optional(),
      })
      .optional()
      .describe("What this identity's tokens are like."),
    disabled: z.boolean().default(false).describe("True: no token is issued, and nothing is deleted."),
  })
  .refine((spec) => (spec.type === "SystemAssigned") === (spec.workload !== undefined), {
    path: ["workload"],
    message: "workload is set exactly when type is SystemAssigned, and only by the operator: use subjects instead",
  })
  .refine((spec) => spec.type === "UserAssigned" || (spec.subjects ?? []).length === 0, {
    path: ["subjects"],
    message: "a SystemAssigned identity has no subjects: its workload alone may use it",
  })
  .meta({
    "x-kubernetes-validations": [
      {
        rule: "(self.type == 'SystemAssigned') == has(self.workload)",
        message: "workload is set exactly when type is SystemAssigned, and only by the operator: use subjects instead",
      },
      {
        rule: "self.type == 'UserAssigned' || !has(self.subjects) || size(self.subjects) == 0",
        message: "a SystemAssigned identity has no subjects: its workload alone may use it",
      },
      { rule: "!has(oldSelf.workload) || self.workload == oldSelf.workload", message: "workload is immutable" },
    ],
  })
  .describe("Who may use the identity and what its tokens are like.");

export const managedIdentityStatusSchema = z
  .object({
    principalId: z
      .string()
      .optional()
      .describe("The object's UID, the `sub` and `oid` of its tokens. A new object is a new principal."),
    clientId: z.string().optional().describe("What an application names this identity by."),
    tenantId: z.string().optional().describe("UID of the namespace kube-system, the `tid` of its tokens."),
    resourceId: z.string().optional().describe("/namespaces/NAMESPACE/managedIdentities/NAME."),
    conditions: conditionsSchema.optional(),
  })
  .describe("What the operator observed.");

export const managedIdentitySchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("ManagedIdentity"),
  metadata: namespacedMetaSchema,
  spec: managedIdentitySpecSchema.prefault({}),
  status: managedIdentityStatusSchema.optional(),
});
export type ManagedIdentity = z.infer<typeof managedIdentitySchema>;
