import type { Condition } from "../../identity/condition.ts";
import { type Finding, findings } from "../../identity/findings.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { nameOf, objectText } from "../object-name.ts";

/** Whether a reason says that the identity an assignment is pinned to is gone. */
export function isPrincipalLoss(reason: string | undefined): boolean {
  return reason === "PrincipalDeleted" || reason === "PrincipalReplaced";
}

export function readyReason(conditions: readonly Condition[] | undefined): string | undefined {
  return conditions?.find(({ type }) => type === "Ready")?.reason;
}

/**
 * What is reported of a deleted identity by one of the assignments that were pinned to it. Only the first by name
 * reports, and only until its status says so: one report for all, also from an operator that was down at the time.
 */
export function identityDeleted(
  assignment: AnyRoleAssignment,
  pinnedToTheSame: readonly AnyRoleAssignment[],
): Finding | undefined {
  const names = pinnedToTheSame.map((each) => objectText(nameOf(each))).sort();
  const isFirst = names[0] === objectText(nameOf(assignment));
  if (!isFirst || isPrincipalLoss(readyReason(assignment.status?.conditions))) return undefined;
  return findings.IdentityDeleted(names);
}
