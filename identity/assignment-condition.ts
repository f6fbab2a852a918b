import { type TypeError as CheckError, EvaluationError, ParseError, type ParseResult } from "@marcbachmann/cel-js";
import { conditionSteps, MOST_STEPS } from "./condition-cost.ts";
import { languageProblem } from "./condition-language.ts";
import { environment, LONGEST_AUDIENCE, variablesOf } from "./condition-variables.ts";
import type { RequestFacts } from "./request-facts.ts";
import { type TextPosition, textPositionAt } from "./text-position.ts";

/** In characters. What is longer is not even looked at. */
export const LONGEST_CONDITION = 2048;

/** What a condition may lack to be decided: which pod asks, for which audience, or a label of the pod. */
export type MissingFact = "pod" | "audience" | "label";

/** What a condition says of one request. Undecided counts as not met, and says why. */
export type ConditionOutcome =
  | { readonly kind: "met" }
  | { readonly kind: "notMet" }
  | { readonly kind: "undecided"; readonly why: string; readonly lacks?: MissingFact };

/** A condition that was compiled: evaluating it takes a bounded number of steps, whatever the facts are. */
export interface AssignmentCondition {
  readonly source: string;
  /** The most that evaluating it takes. */
  readonly steps: number;
  readonly evaluate: (facts: RequestFacts) => ConditionOutcome;
}

export interface ConditionProblem extends TextPosition {
  readonly kind: "problem";
  readonly message: string;
}

export type CompiledCondition =
  | { readonly kind: "compiled"; readonly condition: AssignmentCondition }
  | ConditionProblem;

/**
 * Parses and type-checks the condition of an assignment (CEL, https://cel.dev, without what has no bound), so that one
 * that compiles can only be met, not met or undecided.
 */
export function compileCondition(source: string): CompiledCondition {
  const problemAt = (offset: number, message: string): ConditionProblem => ({
    kind: "problem",
    ...textPositionAt(source, offset),
    message,
  });

  // A character outside the Basic Multilingual Plane is two units.
  if (source.length > 2 * LONGEST_CONDITION) return problemAt(0, `it is longer than ${LONGEST_CONDITION} characters`);
  const parsed = parse(source);
  if (parsed instanceof ParseError) return problemAt(parsed.range?.start ?? 0, inWords(parsed));
  const foreign = languageProblem(parsed.ast);
  if (foreign !== undefined) return problemAt(foreign.node.range.start, foreign.message);
  const { error, type = "" } = parsed.check();
  if (error !== undefined) return problemAt(error.range?.start ?? 0, inWords(error));
  if (type !== "bool")
    return problemAt(parsed.ast.range.start, `expected true or false to come out of it, not ${type}`);
  const steps = conditionSteps(parsed.ast);
  if (steps > MOST_STEPS) {
    return problemAt(0, `it can take ${steps} steps, and ${MOST_STEPS} are allowed: shorten its lists, or the texts`);
  }
  return { kind: "compiled", condition: { source, steps, evaluate: (facts) => evaluate(parsed, facts) } };
}

function parse(source: string): ParseResult | ParseError {
  try {
    return environment.parse(source);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

/** What is not decided gives nothing, so whatever evaluating throws is a reason and no failure. */
function evaluate(program: ParseResult, facts: RequestFacts): ConditionOutcome {
  if ((facts.audience?.length ?? 0) > LONGEST_AUDIENCE) return undecided("the audience is too long to be compared");
  try {
    return program(variablesOf(facts)) === true ? { kind: "met" } : { kind: "notMet" };
  } catch (error) {
    return error instanceof EvaluationError ? undecidedBy(error) : undecided(String(error));
  }
}

function undecidedBy({ code, node, summary }: EvaluationError): ConditionOutcome {
  if (code === "unknown_variable") {
    return node?.args === "pod"
      ? { ...undecided("which pod asks is not known here"), lacks: "pod" }
      : { ...undecided("for which audience is not known here"), lacks: "audience" };
  }
  return code === "no_such_key"
    ? { ...undecided(`the pod lacks the label that it reads (${firstLower(summary)})`), lacks: "label" }
    : undecided(firstLower(summary));
}

const undecided = (why: string) => ({ kind: "undecided", why }) as const;

/** The library's sentences, which name a token of the grammar where the text ends. */
function inWords({ summary }: ParseError | CheckError): string {
  return firstLower(summary).replace(/\bEOF\b/, "the end");
}

const firstLower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
