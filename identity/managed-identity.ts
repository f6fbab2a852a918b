import { z } from "zod";
import { boundedText } from "./bounded-text.ts";
import { claimsSchema } from "./claim-names.ts";
import { conditionsSchema } from "./condition.ts";
import { namespaceNameSchema, objectNameSchema } from "./dns-name.ts";
import { tokenLifetimeSchema } from "./duration.ts";
import { namespacedMetaSchema } from "./object-meta.ts";
import { immutable, rules } from "./validation-rule.ts";

export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Other kinds than the known ones come with the chart value `workloads`. */
export const workloadKindSchema = z
  .string()
  .max(63)
  .regex(/^[A-Z][A-Za-z\d]*$/, "expected a kind, such as Deployment")
  .describe(`Kind of the workload: ${workloadKinds.join(", ")}, or one of the chart value \`workloads\`.`);

const subjectSchema = z
  .object({
    serviceAccount: objectNameSchema.describe("Name of the ServiceAccount whose pods may use this identity."),
    namespace: namespaceNameSchema
      .optional()
      .describe(
        "Namespace of the ServiceAccount; this identity's own when left out. A pod in another namespace must also name the identity in its annotation lanyard.dev/identity.",
      ),
  })
  .describe("A ServiceAccount whose pods may use this identity.");
export type Subject = z.infer<typeof subjectSchema>;

const workloadSchema = z
  .object({
    apiVersion: boundedText(253).describe("API version of the workload, such as apps/v1."),
    kind: workloadKindSchema,
    name: boundedText(253).describe("Name of the workload."),
    uid: boundedText(64).describe("UID of the workload: one of the same name made later is another workload."),
  })
  .describe("The one workload that a system-assigned identity belongs to. Only the operator writes this.");

const workloadMisplaced =
  "workload is set exactly when type is SystemAssigned, and only by the operator: use subjects instead";
const subjectsMisplaced = "a SystemAssigned identity has no subjects: its workload alone may use it";

/** A shared identity must not become a workload's own, nor one workload's identity another's. */
export const immutableIdentityFields: readonly string[] = ["type", "workload"];

export const managedIdentitySpecSchema = z
  .object({
    type: z
      .enum(["UserAssigned", "SystemAssigned"])
      .default("UserAssigned")
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
    message: workloadMisplaced,
  })
  .refine((spec) => spec.type === "UserAssigned" || (spec.subjects ?? []).length === 0, {
    path: ["subjects"],
    message: subjectsMisplaced,
  })
  .meta(
    rules(
      {
        rule: "(self.type == 'SystemAssigned') == has(self.workload)",
        message: workloadMisplaced,
        fieldPath: ".workload",
      },
      {
        rule: "self.type == 'UserAssigned' || !has(self.subjects) || size(self.subjects) == 0",
        message: subjectsMisplaced,
        fieldPath: ".subjects",
      },
      ...immutableIdentityFields.map(immutable),
    ),
  )
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
    subjectNamespaces: z
      .array(
        z
          .object({
            name: z.string().describe("Name of the namespace."),
            uid: z.string().describe("UID that the namespace had then."),
          })
          .describe("A namespace of subjects."),
      )
      .optional()
      .meta({ "x-kubernetes-list-type": "atomic" })
      .describe(
        "The other namespaces that spec.subjects names, as they were first found. ServiceAccounts of another namespace that has the name later may not use the identity.",
      ),
    conditions: conditionsSchema.optional(),
  })
  .describe("What the operator observed.");

export const managedIdentitySchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("ManagedIdentity"),
  metadata: namespacedMetaSchema,
  spec: managedIdentitySpecSchema,
  status: managedIdentityStatusSchema.optional(),
});
export type ManagedIdentity = z.infer<typeof managedIdentitySchema>;
