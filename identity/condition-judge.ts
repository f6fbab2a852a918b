import type { CompiledCondition } from "./assignment-condition.ts";
import type { RequestFacts } from "./request-facts.ts";

/** What the conditions of one question may take together: some 20 ms, and as much again to explain a denial. */
const MOST_STEPS_OF_A_QUESTION = 1_000_000;

export type Judgement = "conditionMet" | "conditionNotMet" | "conditionUndecided";

/** Decides the conditions that one question comes upon. */
export class ConditionJudge {
  readonly facts: RequestFacts;
  #stepsLeft = MOST_STEPS_OF_A_QUESTION;

  constructor(facts: RequestFacts) {
    this.facts = facts;
  }

  /**
   * What cannot be decided is not granted: a condition that does not compile, one that asks for a fact that is missing,
   * and one that comes after too many others. Else a tenant's assignments could hold up everybody's requests.
   */
  judge(compiled: CompiledCondition): Judgement {
    if (compiled.kind === "problem") return "conditionUndecided";
    const { steps, evaluate } = compiled.condition;
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) return "conditionUndecided";
    const outcome = evaluate(this.facts);
    if (outcome.kind === "met") return "conditionMet";
    return outcome.kind === "notMet" ? "conditionNotMet" : "conditionUndecided";
  }
}
