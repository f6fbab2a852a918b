import { z } from "zod";
import { assignmentLimits, beginsBeforeItEnds, orderRule } from "./assignment-limits.ts";
import { conditionsSchema } from "./condition.ts";
import { dnsLabelPattern, namespaceNameSchema, objectNameSchema } from "./dns-name.ts";
import { workloadKindSchema } from "./managed-identity.ts";
import { namespacedMetaSchema, objectMetaSchema } from "./object-meta.ts";
import { namespaceScope, parseScope, resourceScope, type Scope, subresourceScope } from "./scope.ts";
import { subresourceSchema } from "./subresource.ts";
import { immutable, rules } from "./validation-rule.ts";

const oneOfTwo = "exactly one of managedIdentity and workload must be set";

const workloadReference = z
  .object({
    kind: workloadKindSchema,
    name: objectNameSchema.describe("Name of the workload."),
  })
  .describe("A workload with a system-assigned identity.");

const ownNamespaceDescription = "Namespace of the identity or workload; the assignment's own when left out.";

const principalFields = z.object({
  managedIdentity: objectNameSchema.optional().describe("Name of a ManagedIdentity."),
  workload: workloadReference.optional(),
  namespace: namespaceNameSchema.optional().describe(ownNamespaceDescription),
});

const principalRules = rules({ rule: "has(self.managedIdentity) != has(self.workload)", message: oneOfTwo });

type PrincipalFields = z.infer<typeof principalFields>;

const namesOne = ({ managedIdentity, workload }: PrincipalFields): boolean =>
  (managedIdentity === undefined) !== (workload === undefined);

const principalSchema = principalFields
  .refine(namesOne, oneOfTwo)
  .meta(principalRules)
  .describe("Whom the role is given to.");

/** A cluster-scoped assignment has no namespace of its own to fall back on. */
const clusterPrincipalSchema = principalFields
  .extend({ namespace: namespaceNameSchema.describe("Namespace of the identity or workload.") })
  .refine(namesOne, oneOfTwo)
  .meta(principalRules)
  .describe("Whom the role is given to.");

const roleDefinitionName = objectNameSchema.describe("Name of the RoleDefinition.");

/** What a grant is: another principal, role or place is another grant, and needs the right to assign it. */
export const immutableAssignmentFields: readonly string[] = ["principal", "roleDefinition", "resource", "subresource"];
export const immutableClusterAssignmentFields: readonly string[] = ["principal", "roleDefinition", "scope"];

const needsResource = "a subresource is part of a resource: set resource too";

export const roleAssignmentSpecSchema = z
  .object({
    principal: principalSchema,
    roleDefinition: roleDefinitionName,
    resource: objectNameSchema
      .optional()
      .describe("Name of a ProtectedResource in this namespace; the whole namespace when left out. Immutable."),
    subresource: subresourceSchema
      .optional()
      .describe(
        'A part of the resource, such as "secrets/db-password": a kind and a name, or two such pairs. The whole resource when left out. Immutable.',
      ),
    ...assignmentLimits,
  })
  .refine(({ resource, subresource }) => subresource === undefined || resource !== undefined, {
    path: ["subresource"],
    message: needsResource,
  })
  .refine(beginsBeforeItEnds.holds, beginsBeforeItEnds.problem)
  .meta(
    rules(
      {
        rule: "!has(self.subresource) || has(self.resource)",
        message: needsResource,
        fieldPath: ".subresource",
      },
      orderRule,
      ...immutableAssignmentFields.map(immutable),
    ),
  )
  .describe("Who may do what here.");

const invalidScope = 'expected "/" or "/namespaces/NAME"';

export const clusterRoleAssignmentSpecSchema = z
  .object({
    principal: clusterPrincipalSchema,
    roleDefinition: roleDefinitionName,
    scope: z
      .string()
      .max(75)
      .refine((text) => parseScope(text) !== undefined && !text.includes("/resources/"), invalidScope)
      .meta({ pattern: `^/(?:namespaces/${dnsLabelPattern.slice(1, -1)})?$` })
      .describe('Where the role holds: "/" for the whole cluster, or "/namespaces/NAME".'),
    ...assignmentLimits,
  })
  .refine(beginsBeforeItEnds.holds, beginsBeforeItEnds.problem)
  .meta(rules(orderRule, ...immutableClusterAssignmentFields.map(immutable)))
  .describe("Who may do what in a namespace or in the whole cluster.");

export const roleAssignmentStatusSchema = z
  .object({
    principalId: z
      .string()
      .optional()
      .describe("The principal that this assignment was first resolved to, and stays pinned to."),
    scope: z.string().optional().describe("Where the role holds."),
    namespaceUid: z
      .string()
      .optional()
      .describe(
        "UID of the namespace in spec.scope when the assignment was first resolved. The role does not hold in another namespace that has the name later.",
      ),
    conditions: conditionsSchema.optional(),
  })
  .describe("What the operator observed.");

export const roleAssignmentSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("RoleAssignment"),
  metadata: namespacedMetaSchema,
  spec: roleAssignmentSpecSchema,
  status: roleAssignmentStatusSchema.optional(),
});
export type RoleAssignment = z.infer<typeof roleAssignmentSchema>;

export const clusterRoleAssignmentSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("ClusterRoleAssignment"),
  metadata: objectMetaSchema,
  spec: clusterRoleAssignmentSpecSchema,
  status: roleAssignmentStatusSchema.optional(),
});
export type ClusterRoleAssignment = z.infer<typeof clusterRoleAssignmentSchema>;

export type AnyRoleAssignment = RoleAssignment | ClusterRoleAssignment;

/** Where an assignment holds, from what was written; nowhere (undefined) when that is not a scope. */
export function scopeOf(assignment: AnyRoleAssignment): Scope | undefined {
  if (assignment.kind === "ClusterRoleAssignment") return parseScope(assignment.spec.scope);
  const { namespace } = assignment.metadata;
  const { resource, subresource } = assignment.spec;
  if (resource === undefined) return namespaceScope(namespace);
  return subresource === undefined
    ? resourceScope(namespace, resource)
    : subresourceScope(namespace, resource, subresource);
}
