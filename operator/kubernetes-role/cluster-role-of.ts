import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { isUsable } from "../../kube/stored.ts";
import type { Watches } from "../watches.ts";

/**
 * The ClusterRole that an assignment binds its principal to, if any. A role on one resource binds nobody: RBAC knows
 * namespaces and the cluster, and a grant must not be wider than what was assigned.
 */
export function clusterRoleOf(
  assignment: AnyRoleAssignment,
  { roleDefinitions }: Pick<Watches, "roleDefinitions">,
): string | undefined {
  if (assignment.kind === "RoleAssignment" && assignment.spec.resource !== undefined) return undefined;
  const role = roleDefinitions.get({ name: assignment.spec.roleDefinition });
  return role !== undefined && isUsable(role) ? role.spec.kubernetesRole : undefined;
}
