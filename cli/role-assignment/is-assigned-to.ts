import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { identityText, principalText } from "../identity/identity-text.ts";

/** Whether an assignment is pinned to an identity, or names it: one that waits, or was an earlier one's, is its own to clear away too. */
export function isAssignedTo(identity: ManagedIdentity, assignment: AnyRoleAssignment): boolean {
  return (
    assignment.status?.principalId === identity.metadata.uid || principalText(assignment) === identityText(identity)
  );
}
