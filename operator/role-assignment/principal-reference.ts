import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { ObjectName } from "../object-name.ts";

/** The object that an assignment names as its principal: a ManagedIdentity, or the workload of a system-assigned one. */
export function principalReference(assignment: AnyRoleAssignment): ObjectName {
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
