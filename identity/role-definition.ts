import { z } from "zod";
import { actionPatternSource, isActionPattern } from "./action.ts";
import { boundedText } from "./bounded-text.ts";
import { conditionsSchema } from "./condition.ts";
import { objectMetaSchema } from "./object-meta.ts";
import { rules } from "./validation-rule.ts";

const actionPatternSchema = z
  .string()
  .max(256)
  .refine(isActionPattern, 'expected segments such as "secrets/read" or "queues/*/send"; "**" stands only at the end')
  .meta({ pattern: actionPatternSource })
  .describe('An action such as "secrets/read"; "*" stands for one segment and "**", at the end, for all that follow.');

const allowsNothing = "a role needs at least one action or a kubernetesRole";

export const roleDefinitionSpecSchema = z
  .object({
    description: boundedText(1024).optional().describe("What the role is for, for the person who assigns it."),
    actions: z
      .array(actionPatternSchema)
      .max(1000)
      .optional()
      .meta({ "x-kubernetes-list-type": "atomic" })
      .describe("What a principal with this role may do."),
    notActions: z
      .array(actionPatternSchema)
      .max(1000)
      .optional()
      .meta({ "x-kubernetes-list-type": "atomic" })
      .describe("Taken out of this role's actions. Not a denial: another role may still grant it."),
    kubernetesRole: z
      .string()
      .max(253)
      .regex(/^[\x21-\x24\x26-\x2e\x30-\x7e]+$/, 'expected the name of a ClusterRole, such as "view"')
      .optional()
      .describe(
        "A ClusterRole that an assignment of this role also binds the principal to, for the Kubernetes API itself.",
      ),
  })
  .refine((spec) => (spec.actions ?? []).length > 0 || spec.kubernetesRole !== undefined, {
    path: ["actions"],
    message: allowsNothing,
  })
  .meta(
    rules({
      rule: "(has(self.actions) && size(self.actions) > 0) || has(self.kubernetesRole)",
      message: allowsNothing,
      fieldPath: ".actions",
    }),
  )
  .describe("What the role allows.");

export const roleDefinitionStatusSchema = z
  .object({ conditions: conditionsSchema.optional() })
  .describe("What the operator observed.");

export const roleDefinitionSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("RoleDefinition"),
  metadata: objectMetaSchema,
  spec: roleDefinitionSpecSchema,
  status: roleDefinitionStatusSchema.optional(),
});
export type RoleDefinition = z.infer<typeof roleDefinitionSchema>;
