import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { principalReference, referencesTo, referenceText } from "../../identity/principal-reference.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";

/** Whether an assignment is pinned to an identity, or names it: one that waits, or was an earlier one's, is its own to clear away too. */
export function isAssignedTo(identity: ManagedIdentity, assignment: AnyRoleAssignment): boolean {
  const named = referenceText(principalReference(assignment));
  return (
    assignment.status?.principalId === identity.metadata.uid ||
    referencesTo(identity).some((reference) => referenceText(reference) === named)
  );
}
