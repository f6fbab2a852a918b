import type { ASTNode } from "@marcbachmann/cel-js";
import { factLength, isLabelsOfPod } from "./condition-facts.ts";

/** A step is some 20 ns: a condition that can take more of them is refused when it is written. */
export const MOST_STEPS = 50_000;

/** What an expression takes at the most, and how long its value can be: characters, and elements of a list. */
interface Cost {
  readonly steps: number;
  readonly length: number;
}

/** Of visiting a node of the tree, of reading a time that is written out, and of asking for the time in a zone. */
const NODE = 10;
const LITERAL_TIME = 200;
const TIME_ZONE = 600;

/** How long the elements can be that the loops around an expression go over, by the name that they have there. */
type Lengths = ReadonlyMap<string, number>;

/** The most steps that a condition can take, whatever the facts are. Of two branches both are counted. */
export function conditionSteps(node: ASTNode): number {
  return costOf(node, new Map()).steps;
}

function costOf(node: ASTNode, lengths: Lengths): Cost {
  const fact = factLength(node);
  if (fact !== undefined) return { steps: sum(costsOf(indexOf(node), lengths)).steps + NODE, length: fact };
  switch (node.op) {
    case "value":
      return { steps: NODE, length: String(node.args).length };
    case "id":
      return { steps: NODE, length: lengths.get(node.args) ?? 1 };
    case "call":
      return callCost(node.args, lengths);
    case "rcall":
      return methodCost(node.args, lengths);
    case "list": {
      const elements = sum(costsOf(node.args, lengths));
      return { steps: elements.steps + NODE, length: elements.length + node.args.length };
    }
    default: {
      // What is compared is read, and what is put together is copied.
      const { steps, length } = sum(costsOf(operandsOf(node), lengths));
      return { steps: steps + length + NODE, length };
    }
  }
}

function callCost([name, args]: readonly [string, readonly ASTNode[]], lengths: Lengths): Cost {
  if (name === "has") return { steps: NODE, length: 1 };
  const { steps, length } = sum(costsOf(args, lengths));
  const own = name === "size" ? length : LITERAL_TIME;
  return { steps: steps + own + NODE, length: 1 };
}

type MethodCall = readonly [name: string, receiver: ASTNode, args: readonly ASTNode[]];

function methodCost([name, receiver, args]: MethodCall, lengths: Lengths): Cost {
  if (receiver.op === "list" && args.length === 2) return loopCost(receiver.args, args, lengths);
  const subject = costOf(receiver, lengths);
  const given = sum(costsOf(args, lengths));
  const own = methodSteps(name, subject.length, given.length);
  return { steps: subject.steps + given.steps + own + NODE, length: 1 };
}

/** Looking for a text in another takes at worst its length for each place, and less for a long one (measured: below 10 ns for each character of the two). */
function methodSteps(name: string, subject: number, given: number): number {
  if (name === "contains") return Math.min(subject * given, 2 * (subject + given));
  if (name.startsWith("get")) return given === 0 ? 0 : TIME_ZONE;
  return subject + given;
}

function loopCost(elements: readonly ASTNode[], [variable, body]: readonly ASTNode[], lengths: Lengths): Cost {
  const each = costsOf(elements, lengths);
  if (variable?.op !== "id" || body === undefined) return sum(each);
  const longest = Math.max(0, ...each.map(({ length }) => length));
  const round = costOf(body, new Map([...lengths, [variable.args, longest]]));
  return { steps: sum(each).steps + elements.length * (round.steps + NODE) + NODE, length: 1 };
}

const costsOf = (nodes: readonly ASTNode[], lengths: Lengths): Cost[] =>
  nodes.filter((node) => !isLabelsOfPod(node)).map((node) => costOf(node, lengths));

function sum(costs: readonly Cost[]): Cost {
  return costs.reduce((all, { steps, length }) => ({ steps: all.steps + steps, length: all.length + length }), {
    steps: 0,
    length: 0,
  });
}

/** `pod.labels[…]` has an expression in it, `pod.labels.team` has not. */
const indexOf = (node: ASTNode): readonly ASTNode[] => (node.op === "[]" ? [node.args[1]] : []);

/** The expressions that an expression is made of. */
export function operandsOf({ args }: ASTNode): ASTNode[] {
  return [args].flat(2).filter((each) => typeof each === "object" && each !== null && "op" in each);
}
