import type { ConditionJudge } from "./condition-judge.ts";
import { includes, type Period, periodOf } from "./in-force.ts";
import { type AnyRoleAssignment, scopeOf } from "./role-assignment.ts";
import type { Scope } from "./scope.ts";

/** An assignment as decisions need it: what one version of the object says once and for all is worked out once. */
export interface AssignedRole {
  readonly assignment: AnyRoleAssignment;
  /** Name of the role definition. */
  readonly role: string;
  readonly scope: Scope;
  readonly period: Period;
}

/** Undefined when what is written as its scope is none. */
export function assignedRole(assignment: AnyRoleAssignment): AssignedRole | undefined {
  const scope = scopeOf(assignment);
  const { roleDefinition } = assignment.spec;
  if (scope === undefined) return undefined;
  return { assignment, role: roleDefinition, scope, period: periodOf(assignment) };
}

/** Whether an assignment gives its role to a request, or what keeps it from that. */
export type Standing =
  | "inForce"
  | "notYetInForce"
  | "expired"
  | "beingDeleted"
  | "conditionNotMet"
  | "conditionUndecided"
  | "conditionSkipped";

export function standingOf({ assignment, period }: AssignedRole, judge: ConditionJudge): Standing {
  const { now } = judge.facts;
  if (!includes(period, now)) {
    if (assignment.metadata.deletionTimestamp !== undefined) return "beingDeleted";
    return now < period.from ? "notYetInForce" : "expired";
  }
  const { condition } = assignment.spec;
  const judgement = condition === undefined ? "conditionMet" : judge.judge(condition);
  return judgement === "conditionMet" ? "inForce" : judgement;
}
