import type { Condition } from "../../identity/condition.ts";
import { hasBegun, hasEnded } from "../../identity/in-force.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { isPrincipalLoss } from "../../operator/role-assignment/principal-loss.ts";
import { type KnownIdentities, principalState } from "../identity/known-identities.ts";

/** What an assignment gives at the moment, in one word or two. */
export type AssignmentState =
  | "in force"
  | "not yet begun"
  | "expired"
  | "being deleted"
  | "principal gone"
  | "principal disabled"
  | "pending";

export function assignmentState(
  assignment: AnyRoleAssignment,
  now: number,
  identities: KnownIdentities,
): AssignmentState {
  const { metadata, spec, status } = assignment;
  if (metadata.deletionTimestamp !== undefined) return "being deleted";
  if (hasEnded(spec.expiresAt, now)) return "expired";
  const ready = readyCondition(assignment);
  if (isPrincipalLoss(ready?.reason)) return "principal gone";
  if (status?.principalId === undefined) return "pending";
  const principal = principalState(status.principalId, identities);
  if (principal === "gone") return "principal gone";
  if (principal === "disabled") return "principal disabled";
  if (!hasBegun(spec.notBefore, now)) return "not yet begun";
  return ready?.status === "False" ? "pending" : "in force";
}

export function readyCondition({ status }: AnyRoleAssignment): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

/** The same with what a person must know to mend it. */
export function stateCell(state: AssignmentState, assignment: AnyRoleAssignment): string {
  switch (state) {
    case "pending":
      return `pending (${readyCondition(assignment)?.reason ?? "not seen by the operator"})`;
    case "not yet begun":
      return `begins ${assignment.spec.notBefore}`;
    default:
      return state;
  }
}
