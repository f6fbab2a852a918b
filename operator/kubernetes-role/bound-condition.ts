import type { Condition } from "../../identity/condition.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { Stored } from "../../kube/stored.ts";

/** Of an assignment whose role names a ClusterRole: whether the principal is bound to it. */
export const KUBERNETES_ROLE_BOUND = "KubernetesRoleBound";

export function findBoundCondition({ status }: Stored<AnyRoleAssignment>): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === KUBERNETES_ROLE_BOUND);
}
