import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";

export type PrincipalSpec = AnyRoleAssignment["spec"]["principal"];

/** How an assignment names an identity: one that a workload has for itself by that workload, so that both are made in any order. */
export function principalSpecOf({ metadata, spec }: ManagedIdentity): PrincipalSpec {
  const { namespace, name } = metadata;
  if (spec.workload === undefined) return { managedIdentity: name, namespace };
  return { workload: { kind: spec.workload.kind, name: spec.workload.name }, namespace };
}
