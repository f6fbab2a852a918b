import type { ASTNode } from "@marcbachmann/cel-js";
import { factLength, isLabelsOfPod } from "./condition-facts.ts";
import { isDurationText, isPlainValue, isTimestampText, isTimeZone, literalText } from "./condition-literals.ts";
import { readableFacts, variableNames } from "./condition-variables.ts";
import { quoted } from "./issue-words.ts";

/** What a condition says that it may not say, and where. */
export interface LanguageProblem {
  readonly node: ASTNode;
  readonly message: string;
}

type Check = LanguageProblem | undefined;
/** The names that the loops around an expression gave to their elements. */
type LoopVariables = ReadonlySet<string>;

const textMethods: ReadonlySet<string> = new Set(["startsWith", "endsWith", "contains"]);
const loops: ReadonlySet<string> = new Set(["exists", "all", "exists_one"]);
const timeMethods: ReadonlySet<string> = new Set([
  "getFullYear",
  "getMonth",
  "getDate",
  "getDayOfMonth",
  "getDayOfWeek",
  "getHours",
  "getMinutes",
  "getSeconds",
]);

const known = ["has", "size", "timestamp", "duration", ...textMethods, ...loops, ...timeMethods].join(", ");

/**
 * Conditions are the part of CEL whose cost follows from the text: no regular expressions (those of JavaScript
 * backtrack), no loops but over a list that is written out, and no way to anything but the facts of a request. The
 * first thing that is not in it is the problem; types are the library's to check.
 */
export function languageProblem(node: ASTNode, names: LoopVariables = new Set()): Check {
  switch (node.op) {
    case "value":
      return isPlainValue(node.args) ? undefined : problem(node, "only text, numbers, true and false can be written");
    case "id":
      return node.args === "time" || names.has(node.args) ? undefined : unknownName(node);
    case ".":
      return factLength(node) === undefined ? unknownName(node) : undefined;
    case "[]":
    case "in":
      return firstProblem(
        node.args.filter((each) => !isLabelsOfPod(each)),
        names,
      );
    case "call":
      return callProblem(node, node.args, names);
    case "rcall":
      return methodProblem(node, node.args, names);
    case "map":
    case ".?":
    case "[?]":
      return problem(node, "maps and optional values are not part of conditions");
    default:
      return firstProblem([node.args].flat(), names);
  }
}

function firstProblem(nodes: readonly ASTNode[], names: LoopVariables): Check {
  for (const node of nodes) {
    const found = languageProblem(node, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

function callProblem(node: ASTNode, [name, args]: readonly [string, readonly ASTNode[]], names: LoopVariables): Check {
  const [first] = args;
  const text = literalText(first);
  switch (name) {
    case "size":
      return firstProblem(args, names);
    case "has":
      return isLabel(first) ? undefined : problem(node, "has() asks for one label of the pod: has(pod.labels.team)");
    case "timestamp":
      return text !== undefined && isTimestampText(text)
        ? undefined
        : problem(node, 'timestamp() takes a time that is written out, such as "2026-12-01T00:00:00Z"');
    case "duration":
      return text !== undefined && isDurationText(text)
        ? undefined
        : problem(node, 'duration() takes a length of time that is written out, such as "1h30m"');
    default:
      return unknownFunction(node, name);
  }
}

const isLabel = (node: ASTNode | undefined): boolean => node?.op === "." && isLabelsOfPod(node.args[0]);

type MethodCall = readonly [name: string, receiver: ASTNode, args: readonly ASTNode[]];

function methodProblem(node: ASTNode, [name, receiver, args]: MethodCall, names: LoopVariables): Check {
  if (loops.has(name)) return loopProblem(node, [name, receiver, args], names);
  if (timeMethods.has(name)) return firstProblem([receiver], names) ?? zoneProblem(args);
  if (textMethods.has(name) || name === "size") return firstProblem([receiver, ...args], names);
  return unknownFunction(node, name);
}

function zoneProblem([zone]: readonly ASTNode[]): Check {
  if (zone === undefined) return undefined;
  const text = literalText(zone);
  if (text !== undefined && isTimeZone(text)) return undefined;
  return problem(zone, 'expected a time zone that is written out, such as "Europe/Berlin"');
}

/** The library makes sure that there are two arguments, and that the first is a name. */
function loopProblem(node: ASTNode, [name, list, [variable, body]]: MethodCall, names: LoopVariables): Check {
  if (list.op !== "list") return problem(list, `${name}() goes over a list that is written out: ["a", "b"].${name}(…)`);
  if (variable?.op !== "id" || body === undefined) return problem(node, `${name}() takes a name and an expression`);
  if (variableNames.has(variable.args)) return problem(variable, `${variable.args} has a meaning: take another name`);
  return firstProblem([list], names) ?? languageProblem(body, new Set([...names, variable.args]));
}

function unknownName(node: ASTNode): LanguageProblem {
  const written = quoted(node.input.slice(node.range.start, node.range.end));
  return problem(node, `${written} is not known here; what can be read: ${readableFacts.join(", ")}`);
}

function unknownFunction(node: ASTNode, name: string): LanguageProblem {
  return problem(node, `${name}() is not part of conditions; what can be called: ${known}`);
}

function problem(node: ASTNode, message: string): LanguageProblem {
  return { node, message };
}
