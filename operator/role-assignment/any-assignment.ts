import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { Kind } from "../../kube/kind.ts";
import { clusterRoleAssignments, roleAssignments } from "../../kube/kinds.ts";
import type { Stored } from "../../kube/stored.ts";
import { parseObjectText } from "../object-name.ts";
import type { Watches } from "../watches.ts";

/** The assignment of either kind that `objectText` named. */
export function findAssignment(
  key: string,
  { roleAssignments, clusterRoleAssignments }: Watches,
): Stored<AnyRoleAssignment> | undefined {
  const name = parseObjectText(key);
  return name.kind === "RoleAssignment" ? roleAssignments.get(name) : clusterRoleAssignments.get(name);
}

export function assignmentKind({ kind }: Stored<AnyRoleAssignment>): Kind {
  return kind === "RoleAssignment" ? roleAssignments : clusterRoleAssignments;
}
