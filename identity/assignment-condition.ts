import {
  type ASTNode,
  type TypeError as CheckError,
  EvaluationError,
  ParseError,
  type ParseResult,
} from "@marcbachmann/cel-js";
import { conditionSteps, MOST_STEPS, operandsOf } from "./condition-cost.ts";
import { languageProblem } from "./condition-language.ts";
import { environment, LONGEST_AUDIENCE, variablesOf, zonedName } from "./condition-variables.ts";
import type { RequestFacts } from "./request-facts.ts";
import { TextCache } from "./text-cache.ts";
import { type TextPosition, textPositionAt } from "./text-position.ts";
import { canonicalZone, zonedAccessors } from "./zoned-time.ts";

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

/** Compiled, a condition takes some 50 bytes for each of its characters, and half a millisecond to compile: these take 10 MB. */
const CHARACTERS_KEPT = 200_000;
const compiledConditions = new TextCache<CompiledCondition>(CHARACTERS_KEPT);

/**
 * Parses and type-checks the condition of an assignment (CEL, https://cel.dev, without what has no bound), so that one
 * that compiles can only be met, not met or undecided.
 */
export function compileCondition(source: string): CompiledCondition {
  // A character outside the Basic Multilingual Plane is two units.
  if (source.length > 2 * LONGEST_CONDITION) {
    return { kind: "problem", ...START, message: `it is longer than ${LONGEST_CONDITION} characters` };
  }
  return compiledConditions.get(source, compile);
}

/** Whether a condition was compiled lately: if not, compiling it takes some 16 steps for each of its characters. */
export const isCompiled = (source: string): boolean => compiledConditions.has(source);

const START: TextPosition = { line: 1, column: 1 };

function compile(source: string): CompiledCondition {
  const problemAt = (offset: number, message: string): ConditionProblem => ({
    kind: "problem",
    ...textPositionAt(source, offset),
    message,
  });

  const parsed = parse(source);
  if (parsed instanceof ParseError) return problemAt(parsed.range?.start ?? 0, inWords(parsed));
  const foreign = languageProblem(parsed.ast);
  if (foreign !== undefined) return problemAt(foreign.node.range.start, foreign.message);
  const { error, type = "" } = parsed.check();
  if (error !== undefined) return problemAt(error.range?.start ?? 0, inWords(error));
  if (type !== "bool")
    return problemAt(parsed.ast.range.start, `expected true or false to come out of it, not ${type}`);
  const steps = Math.max(conditionSteps(parsed.ast), source.length);
  if (steps > MOST_STEPS) {
    return problemAt(0, `it can take ${steps} steps, and ${MOST_STEPS} are allowed: shorten its lists, or the texts`);
  }
  const program = withZonedAccessors(source, parsed);
  return { kind: "compiled", condition: { source, steps, evaluate: (facts) => evaluate(program, facts) } };
}

/** What was checked stays as the library knows it; what is evaluated calls our accessors in place of the library's. */
function withZonedAccessors(source: string, checked: ParseResult): ParseResult {
  if (zonedCalls(checked.ast).length === 0) return checked;
  const program = environment.parse(source);
  for (const { args } of zonedCalls(program.ast)) {
    args[0] = zonedName(args[0]);
    // In its one spelling: a name in another case would be another formatter.
    const [zone] = args[2];
    if (zone?.op === "value") Object.assign(zone, { args: canonicalZone(String(zone.args)) });
  }
  program.check();
  return program;
}

function zonedCalls(node: ASTNode): Extract<ASTNode, { op: "rcall" }>[] {
  const inside = operandsOf(node).flatMap(zonedCalls);
  return node.op === "rcall" && node.args[2].length === 1 && Object.hasOwn(zonedAccessors, node.args[0])
    ? [node, ...inside]
    : inside;
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
