import type { RequestFacts } from "./request-facts.ts";

/** What a condition says of one request. Undecided counts as not met, and says which fact was missing. */
export type ConditionOutcome =
  | { readonly kind: "met" }
  | { readonly kind: "notMet" }
  | { readonly kind: "undecided"; readonly why: string };

/** A condition that was compiled: evaluating it takes a bounded number of steps, whatever the facts are. */
export interface AssignmentCondition {
  readonly source: string;
  evaluate(facts: RequestFacts): ConditionOutcome;
}

/** Lines and columns count from 1, in code points. */
export interface ConditionProblem {
  readonly kind: "problem";
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type CompiledCondition =
  | { readonly kind: "compiled"; readonly condition: AssignmentCondition }
  | ConditionProblem;

/** Parses and type-checks the condition of an assignment, and bounds what it may cost. */
export function compileCondition(source: string): CompiledCondition {
  return { kind: "problem", line: 1, column: 1, message: `conditions are not supported yet; got ${source}` };
}
