import { compileCondition, isCompiled } from "./assignment-condition.ts";
import type { RequestFacts } from "./request-facts.ts";

/** What one question may take in all, in steps of some 20 ns: a millisecond. */
export const MOST_STEPS_OF_A_QUESTION = 50_000;
/**
 * Characters of all conditions that one question compiles: some 8 ms when no condition is in the cache. Usual conditions
 * take three steps or more for each character, so that they reach the limit of steps first.
 */
export const MOST_CONDITION_CHARACTERS_OF_A_QUESTION = 16_384;
/** Of looking at one assignment: 10,000 assignments of a principal are considered for one question. */
const STEPS_OF_AN_ASSIGNMENT = 5;
const STEPS_TO_COMPILE_A_CHARACTER = 16;

export type Judgement = "conditionMet" | "conditionNotMet" | "conditionUndecided" | "conditionSkipped";

/**
 * Counts the steps of one question about one request, however many looks at the index it takes. A condition is judged
 * once. Pass the same meter with each look, and always with the same facts.
 */
export class QuestionMeter {
  #steps = 0;
  #chargedSteps = 0;
  #conditionCharacters = 0;
  readonly #judgements = new Map<string, Judgement>();

  /** What to charge for the question: its steps, and those of compiling its conditions or reading labels. */
  get cost(): number {
    return this.#steps + this.#chargedSteps;
  }

  /**
   * Counts a condition before it is compiled. Returns false if it cannot fit the question, because the conditions before
   * it were too long or took too many steps; evaluating it takes at least as many steps as it has characters. A cached
   * condition counts like any other: the cache must not decide what is granted. Only one that is not cached is charged.
   */
  takeCondition(source: string): boolean {
    if (this.#conditionCharacters + source.length > MOST_CONDITION_CHARACTERS_OF_A_QUESTION) return false;
    if (this.#steps + source.length > MOST_STEPS_OF_A_QUESTION) return false;
    this.#conditionCharacters += source.length;
    if (!isCompiled(source)) this.charge(STEPS_TO_COMPILE_A_CHARACTER * source.length);
    return true;
  }

  /** Counts steps for which the caller pays, and which leave the question as many as it had. */
  charge(steps: number): void {
    this.#chargedSteps += steps;
  }

  /** False if the question has taken too many steps already: then nothing is to be done for these. */
  take(steps: number): boolean {
    if (this.#steps + steps > MOST_STEPS_OF_A_QUESTION) return false;
    this.#steps += steps;
    return true;
  }

  judgement(source: string, judge: () => Judgement): Judgement {
    const known = this.#judgements.get(source);
    if (known !== undefined) return known;
    const judgement = judge();
    this.#judgements.set(source, judgement);
    return judgement;
  }
}

/** Decides the conditions that one question comes upon. */
export class ConditionJudge {
  readonly facts: RequestFacts;
  readonly #meter: QuestionMeter;

  constructor(facts: RequestFacts) {
    this.facts = facts;
    this.#meter = facts.meter ?? new QuestionMeter();
  }

  /** False once the question has looked at as many assignments as it may: the others give nothing to it. */
  mayLook(): boolean {
    return this.#meter.take(STEPS_OF_AN_ASSIGNMENT);
  }

  /**
   * What cannot be decided is not granted: a condition that does not compile, one that asks for a fact that is missing,
   * and one that comes after too many others. Otherwise a tenant's assignments could hold up everybody's requests.
   */
  judge(source: string): Judgement {
    return this.#meter.judgement(source, () => {
      if (!this.#meter.takeCondition(source)) return "conditionSkipped";
      const compiled = compileCondition(source);
      if (compiled.kind === "problem") return "conditionUndecided";
      const { steps, evaluate } = compiled.condition;
      if (!this.#meter.take(steps)) return "conditionSkipped";
      const outcome = evaluate(this.facts);
      if (outcome.kind === "met") return "conditionMet";
      return outcome.kind === "notMet" ? "conditionNotMet" : "conditionUndecided";
    });
  }
}
