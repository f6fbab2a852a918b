import type { z } from "zod";
import { didYouMean } from "./nearest-name.ts";

/** What zod found, in words for the person who wrote the YAML. A schema's own message comes before these. */
export function issueInWords(issue: z.core.$ZodRawIssue | z.core.$ZodIssue, input: unknown = issue.input): string {
  switch (issue.code) {
    case "invalid_type":
      return input === undefined
        ? "is required"
        : `expected ${typeWord(issue.expected)}, got ${valueWord(input)}${remedy(issue.expected, input)}`;
    case "invalid_value":
      return notOneOf(issue.values, input);
    case "too_big":
      return `expected at most ${amount(Number(issue.maximum), issue.origin)}`;
    case "too_small":
      return `expected at least ${amount(Number(issue.minimum), issue.origin)}`;
    case "invalid_key":
      return `this name cannot be used: ${issue.issues.map(({ message }) => message).join("; ")}`;
    default:
      return "is not a value that can stand here";
  }
}

/** The same for the first issues of one object alone: a hostile object has as many as it has values. */
export function fewIssuesInWords(most: number): (issue: z.core.$ZodRawIssue) => string {
  let worded = 0;
  return (issue) => (worded++ < most ? issueInWords(issue) : "");
}

function notOneOf(values: readonly unknown[], input: unknown): string {
  const known = values.map(String);
  const expected = known.map((value) => JSON.stringify(value)).join(", ");
  const choice = known.length === 1 ? expected : `one of ${expected}`;
  if (input === undefined) return `is required: ${choice}`;
  if (typeof input !== "string") return `expected ${choice}; got ${valueWord(input)}`;
  const hint = known.length === 1 ? "" : didYouMean(input, known);
  return `expected ${choice}; got ${quoted(input)}.${hint}`.replace(/\.$/, "");
}

/** YAML reads an unquoted true, or 7, as something other than text. */
function remedy(expected: string, input: unknown): string {
  return expected === "string" && ["boolean", "number"].includes(typeof input) ? ": put it in quotes" : "";
}

const longestQuote = 80;

/** A value as it was written, cut where it would fill the screen. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text);
}

const typeWords: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  record: "an object",
  boolean: "true or false",
  int: "a whole number",
};

function typeWord(type: string): string {
  return typeWords[type] ?? `a ${type}`;
}

function valueWord(value: unknown): string {
  if (value === null) return "nothing (null)";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const unitWords: Readonly<Record<string, string>> = { string: "character", array: "item" };

function amount(count: number, origin: string): string {
  const unit = unitWords[origin];
  if (unit === undefined) return String(count);
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
