import { compileCondition, type MissingFact } from "../../identity/assignment-condition.ts";
import type { MissKind, NearestMiss } from "../../identity/nearest-miss.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { assignmentData, kubectlWith } from "../role-assignment/assignment-text.ts";

/**
 * A limit that somebody set on the very assignment that would allow it. Another assignment without it would walk round
 * what its author wanted, so the way is to meet the limit, or to change it where it stands.
 */
export interface Obstacle {
  readonly assignment: AnyRoleAssignment;
  readonly field: "condition" | "notBefore" | "expiresAt";
  readonly value: string;
  /** Of a condition that cannot be decided. */
  readonly why?: string;
  readonly lacks?: MissingFact | undefined;
}

const fieldOf: Partial<Readonly<Record<MissKind, Obstacle["field"]>>> = {
  conditionNotMet: "condition",
  conditionUndecided: "condition",
  conditionSkipped: "condition",
  notYetInForce: "notBefore",
  expired: "expiresAt",
};

export function obstacleOf(miss: NearestMiss | undefined, facts: RequestFacts): Obstacle | undefined {
  if (miss === undefined) return undefined;
  const field = fieldOf[miss.kind];
  const value = field && miss.assignment.spec[field];
  if (field === undefined || value === undefined) return undefined;
  const { assignment, lacks } = miss;
  const why = whyNotDecided(miss.kind, value, facts);
  return { assignment, field, value, ...(why === undefined ? {} : { why, lacks }) };
}

function whyNotDecided(kind: MissKind, source: string, facts: RequestFacts): string | undefined {
  if (kind === "conditionSkipped") return "too many conditions come before it";
  return kind === "conditionUndecided" ? whyUndecided(source, facts) : undefined;
}

/** In full: whoever may read the assignment may know what its condition asks for. */
function whyUndecided(source: string, facts: RequestFacts): string {
  const compiled = compileCondition(source);
  if (compiled.kind === "problem") return `${compiled.line}:${compiled.column}: ${compiled.message}`;
  const outcome = compiled.condition.evaluate(facts);
  return outcome.kind === "undecided" ? outcome.why : "it can be decided now";
}

export function obstacleText({ assignment, field, value, why }: Obstacle): string {
  const reason = why === undefined ? "" : `\nNot decided: ${why}.`;
  return `Its ${field}: ${value}${reason}\n\nTo change that, edit its file, or: ${kubectlWith("edit", assignment)}`;
}

export function obstacleData({ assignment, field, value, why, lacks }: Obstacle): object {
  return { assignment: assignmentData(assignment), field, value, why, lacks };
}

const hints: Readonly<Record<MissingFact, readonly string[]>> = {
  pod: ["Say which pod asks: --pod NAMESPACE/NAME, or NAMESPACE/KIND/NAME for one of a workload's."],
  audience: ["Say which audience its token is for: --audience URL."],
  label: [],
};

/** What the asker could tell. */
export function factHints({ lacks }: Obstacle): readonly string[] {
  return lacks === undefined ? [] : hints[lacks];
}
