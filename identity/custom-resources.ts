import type { z } from "zod";
import { immutableIdentityFields, managedIdentitySpecSchema, managedIdentityStatusSchema } from "./managed-identity.ts";
import { protectedResourceSpecSchema, protectedResourceStatusSchema } from "./protected-resource.ts";
import {
  clusterRoleAssignmentSpecSchema,
  immutableAssignmentFields,
  immutableClusterAssignmentFields,
  roleAssignmentSpecSchema,
  roleAssignmentStatusSchema,
} from "./role-assignment.ts";
import { roleDefinitionSpecSchema, roleDefinitionStatusSchema } from "./role-definition.ts";
import {
  immutableRevocationFields,
  tokenRevocationSpecSchema,
  tokenRevocationStatusSchema,
} from "./token-revocation.ts";

/** One of Lanyard's own kinds: what its CRD and the validation of its objects are made from. */
export interface CustomResource {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly namespaced: boolean;
  readonly description: string;
  readonly spec: z.ZodType<object>;
  readonly status: z.ZodType<object>;
  /** Fields of `spec` that keep the value they were created with. */
  readonly immutableFields: readonly string[];
}

export const customResources: readonly CustomResource[] = [
  {
    kind: "ManagedIdentity",
    plural: "managedidentities",
    shortName: "mi",
    namespaced: true,
    description: "An identity that pods get tokens for, with no credential of their own.",
    spec: managedIdentitySpecSchema,
    status: managedIdentityStatusSchema,
    immutableFields: immutableIdentityFields,
  },
  {
    kind: "RoleDefinition",
    plural: "roledefinitions",
    shortName: "rdef",
    namespaced: false,
    description: "A named set of actions that role assignments give to managed identities.",
    spec: roleDefinitionSpecSchema,
    status: roleDefinitionStatusSchema,
    immutableFields: [],
  },
  {
    kind: "RoleAssignment",
    plural: "roleassignments",
    shortName: "rasn",
    namespaced: true,
    description: "Gives a managed identity a role on one resource of this namespace, or on all of it.",
    spec: roleAssignmentSpecSchema,
    status: roleAssignmentStatusSchema,
    immutableFields: immutableAssignmentFields,
  },
  {
    kind: "ClusterRoleAssignment",
    plural: "clusterroleassignments",
    shortName: "crasn",
    namespaced: false,
    description: "Gives a managed identity a role in a whole namespace or in the whole cluster.",
    spec: clusterRoleAssignmentSpecSchema,
    status: roleAssignmentStatusSchema,
    immutableFields: immutableClusterAssignmentFields,
  },
  {
    kind: "ProtectedResource",
    plural: "protectedresources",
    shortName: "pres",
    namespaced: true,
    description: "A service that takes tokens: its audiences, and what a token for it needs.",
    spec: protectedResourceSpecSchema,
    status: protectedResourceStatusSchema,
    immutableFields: [],
  },
  {
    kind: "TokenRevocation",
    plural: "tokenrevocations",
    shortName: "trev",
    namespaced: true,
    description: "Takes back the tokens that an identity or a pod of this namespace was given until now.",
    spec: tokenRevocationSpecSchema,
    status: tokenRevocationStatusSchema,
    immutableFields: immutableRevocationFields,
  },
];
