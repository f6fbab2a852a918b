import { z } from "zod";
import { conditionsSchema } from "./condition.ts";
import { dnsLabelPattern, dnsSubdomainPattern } from "./dns-name.ts";
import { workloadKinds } from "./managed-identity.ts";
import { namespacedMetaSchema, objectMetaSchema } from "./object-meta.ts";
import { namespaceScope, parseScope, resourceScope, type Scope } from "./scope.ts";
import { immutable } from "./validation-rule.ts";

const namespaceName = z.string().max(63).regex(new RegExp(dnsLabelPattern));
const objectName = z.string().max(253).regex(new RegExp(dnsSubdomainPattern));

const oneOfTwo = "exactly one of managedIdentity and workload must be set";

const workloadReference = z
  .object({
    kind: z.enum(workloadKinds).describe("Kind of the workload."),
    name: objectName.describe("Name of the workload."),
  })
  .describe("A workload with a system-assigned identity.");

const ownNamespaceDescription = "Namespace of the identity or workload; the assignment's own when left out.";

const principalFields = z.object({
  managedIdentity: objectName.optional().describe("Name of a ManagedIdentity."),
  workload: workloadReference.optional(),
  namespace: namespaceName.optional().describe(ownNamespaceDescription),
});

const principalRule = { rule: "has(self.managedIdentity) != has(self.workload)", message: oneOfTwo };
const principalImmutable = immutable("principal")["x-kubernetes-validations"];

const principalSchema = principalFields
  .refine((principal) => (principal.managedIdentity === undefined) !== (principal.workload === undefined), oneOfTwo)
  .meta({ "x-kubernetes-validations": [principalRule, ...principalImmutable] })
  .describe("Whom the role is given to.");

/** A cluster-scoped assignment has no namespace of its own to fall back on. */
const clusterPrincipalSchema = principalFields
  .extend({ namespace: namespaceName.describe("Namespace of the identity or workload.") })
  .refine((principal) => (principal.managedIdentity === undefined) !== (principal.workload === undefined), oneOfTwo)
  .meta({ "x-kubernetes-validations": [principalRule, ...principalImmutable] })
  .describe("Whom the role is given to.");

const roleDefinitionName = objectName.meta(immutable("roleDefinition")).describe("Name of the RoleDefinition.");
const expiresAt = z.iso
  .datetime({ offset: true })
  .optional()
  .describe("When the assignment ends (RFC 3339). Never, when left out.");

export const roleAssignmentSpecSchema = z
  .object({
    principal: principalSchema,
    roleDefinition: roleDefinitionName,
    resource: objectName
      .optional()
      .describe("Name of a ProtectedResource in this namespace; the whole namespace when left out. Immutable."),
    expiresAt,
  })
  .meta({
    "x-kubernetes-validations": [
      {
        rule: "has(self.resource) == has(oldSelf.resource) && (!has(self.resource) || self.resource == oldSelf.resource)",
        message: "resource is immutable: delete this object and create another",
      },
    ],
  })
  .describe("Who may do what here.");

const invalidScope = 'expected "/" or "/namespaces/NAME"';

export const clusterRoleAssignmentSpecSchema = z
  .object({
    principal: clusterPrincipalSchema,
    roleDefinition: roleDefinitionName,
    scope: z
      .string()
      .max(128)
      .refine((text) => parseScope(text) !== undefined && !text.includes("/resources/"), invalidScope)
      .meta({ pattern: `^/(?:namespaces/${dnsLabelPattern.slice(1, -1)})?$`, ...immutable("scope") })
      .describe('Where the role holds: "/" for the whole cluster, or "/namespaces/NAME".'),
    expiresAt,
  })
  .describe("Who may do what in a namespace or in the whole cluster.");

export const roleAssignmentStatusSchema = z
  .object({
    principalId: z
      .string()
      .optional()
      .describe("The principal that this assignment was first resolved to, and stays pinned to."),
    scope: z.string().optional().describe("Where the role holds."),
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
  return assignment.spec.resource === undefined
    ? namespaceScope(namespace)
    : resourceScope(namespace, assignment.spec.resource);
}
