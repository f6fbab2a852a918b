import type { ManagedIdentity } from "./managed-identity.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";

/** The object that an assignment names as its principal: a ManagedIdentity, or the workload of a system-assigned one. */
export interface PrincipalReference {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

export function principalReference(assignment: AnyRoleAssignment): PrincipalReference {
  const { managedIdentity, workload } = assignment.spec.principal;
  const namespace = namespaceOf(assignment);
  if (workload !== undefined) return { kind: workload.kind, namespace, name: workload.name };
  // The schema has exactly one of the two set.
  return { kind: "ManagedIdentity", namespace, name: managedIdentity ?? "" };
}

/** A cluster-scoped assignment has no namespace to fall back on, so it must name one. */
function namespaceOf(assignment: AnyRoleAssignment): string | undefined {
  const { namespace } = assignment.spec.principal;
  return assignment.kind === "RoleAssignment" ? (namespace ?? assignment.metadata.namespace) : namespace;
}

/** The ways to name an identity as a principal. */
export function referencesTo({ metadata, spec }: ManagedIdentity): PrincipalReference[] {
  const { namespace, name } = metadata;
  const own: PrincipalReference = { kind: "ManagedIdentity", namespace, name };
  return spec.workload === undefined ? [own] : [own, { kind: spec.workload.kind, namespace, name: spec.workload.name }];
}

/** `ManagedIdentity shop/orders`: as the value of an index. */
export const referenceText = ({ kind, namespace, name }: PrincipalReference): string => `${kind} ${namespace}/${name}`;
