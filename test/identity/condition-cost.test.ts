import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCondition, LONGEST_CONDITION } from "../../identity/assignment-condition.ts";
import { conditionSteps, MOST_STEPS } from "../../identity/condition-cost.ts";
import { environment } from "../../identity/condition-variables.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";
import { property } from "../support/property.ts";
import { conditionText, factsArbitrary } from "./condition-grammar.ts";

const doubling = (levels: number): string => (levels === 0 ? 'x == "b"' : `[x + x].exists(x, ${doubling(levels - 1)})`);
const loops = (levels: number, list: string): string =>
  levels === 0 ? 'pod.name == "a"' : `${list}.all(x${levels}, ${loops(levels - 1, list)})`;
const list = (length: number): string => `[${Array.from({ length }, (_, at) => at).join(",")}]`;

describe("a condition that would cost too much is refused when it is written", () => {
  test.each([
    ["a text that doubles in each loop", `["a"].exists(x, ${doubling(20)})`],
    ["loops in loops", loops(4, list(30))],
    ["a list with too many elements", `${list(65)}.exists(x, x == 1)`],
    ["a regular expression that backtracks", 'pod.name.matches("^(a+)+$")'],
    ["a length of time that is read in cubic time", `duration("${"1".repeat(1900)}") < duration("1s")`],
    ["a list that is made from another", `${list(10)}.map(x, x).size() > 1`],
    ["a loop over a list that is put together", '(["a"] + ["b"]).exists(x, x == pod.name)'],
    ["a loop over what another loop gives", '[["a"]].exists(x, x.exists(y, y == pod.name))'],
    ["a text that is split", 'pod.name.split("").size() > 1'],
    ["texts that are put together", 'pod.name.split("a").join("bbb") == "a"'],
    ["variables that are bound", 'cel.bind(x, pod.name + pod.name, x == "a")'],
    ["a number beyond 64 bits", `${"9".repeat(500)} == 1`],
    ["many texts that are looked for", `${list(64)}.exists(x, request.audience.contains(request.audience))`],
    ["many time zones", `${list(64)}.exists(x, x == time.getHours("Asia/Tokyo") || x == time.getHours("UTC"))`],
    ["a long chain", Array.from({ length: 300 }, () => "true").join(" && ")],
    ["deep parentheses", `${"(".repeat(900)}true${")".repeat(900)}`],
    ["deep negation", `${"!".repeat(2000)}true`],
    ["a text that is too long", `pod.name == "${"a".repeat(LONGEST_CONDITION * 2)}"`],
    ["a text that is far too long", `pod.name == "${"a".repeat(1_500_000)}"`],
  ])("%s", (_what, source) => expect(compileCondition(source).kind).toBe("problem"));

  test("and what people write is far from that", () => {
    const officeHours =
      'time.getHours("Europe/Berlin") >= 9 && time.getHours("Europe/Berlin") < 17 && time.getDayOfWeek("Europe/Berlin") in [1, 2, 3, 4, 5]';
    const everything = `${officeHours} && pod.labels["env"] == "prod" && request.audience.startsWith("https://") && ["web-", "api-"].exists(p, pod.name.startsWith(p))`;
    expect(compileCondition(everything).kind).toBe("compiled");
  });
});

describe("the steps are counted before", () => {
  const steps = (source: string): number => conditionSteps(environment.parse(source).ast);

  test.each([
    ["true", 10],
    ['pod.namespace == "shop"', 10 + 10 + 10 + 63 + 4],
    ['pod.labels["team"] == "a"', 10 + 10 + 10 + 10 + 63 + 1],
    ['request.audience.contains("svc")', 10 + 10 + 10 + 2 * (513 + 3)],
    ['time.getHours("UTC") == 9', 10 + 600 + 10 + 10 + 10 + 10 + 2],
    ["[1, 2, 3].all(x, true)", 30 + 3 * (10 + 10) + 10],
    ["[1, 2, 3].all(x, [4, 5].all(y, true))", 30 + 3 * (20 + 2 * (10 + 10) + 10 + 10) + 10],
    ['["ab", "c"].all(x, x + x == "a")', 20 + 2 * (10 + 10 + 10 + 4 + 10 + 10 + 5 + 10) + 10],
  ])("%s: %d", (source, expected) => expect(steps(source)).toBe(expected));

  property(
    "and the library reads a label no more often than they say",
    [conditionText, factsArbitrary],
    (source, facts) => {
      const compiled = compileCondition(source);
      if (compiled.kind === "problem") return;
      const { observed, reads } = countingLabels(facts);
      compiled.condition.evaluate(observed);
      expect(reads() * 10).toBeLessThanOrEqual(steps(source));
      expect(steps(source)).toBeLessThanOrEqual(MOST_STEPS);
    },
  );

  test("of what is tried most compiles, and comes to each of the three outcomes", () => {
    const tried = fc.sample(fc.tuple(conditionText, factsArbitrary), { numRuns: 2000, seed: 7 });
    const outcomes = tried.map(([source, facts]) => {
      const compiled = compileCondition(source);
      return compiled.kind === "compiled" ? compiled.condition.evaluate(facts).kind : "problem";
    });
    for (const each of ["met", "notMet", "undecided"]) {
      expect(outcomes.filter((outcome) => outcome === each).length).toBeGreaterThan(100);
    }
  });
});

/** The same facts, with labels that count how often they are looked at. */
function countingLabels(facts: RequestFacts) {
  let count = 0;
  const counted = (labels: Readonly<Record<string, string>>) =>
    new Proxy(labels, {
      getOwnPropertyDescriptor(target, key) {
        count += 1;
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  const { pod } = facts;
  const observed = pod === undefined ? facts : { ...facts, pod: { ...pod, labels: counted(pod.labels) } };
  return { observed, reads: () => count };
}

const fragments = [
  "pod",
  ".",
  "labels",
  "name",
  "[",
  "]",
  "(",
  ")",
  '"',
  "'",
  '"a"',
  "time",
  "==",
  "&&",
  "||",
  "!",
  "?",
  ":",
];
const more = [
  "exists",
  ",",
  "x",
  "1",
  "9223372036854775807",
  "-",
  "+",
  "in",
  "\n",
  "//",
  "\\u00e9",
  "\\",
  "r'",
  "b'",
  "{",
  "}",
  "🪪",
  " ",
];

describe("no text makes compiling throw, and what compiles never throws", () => {
  const soup = fc.array(fc.constantFrom(...fragments, ...more), { maxLength: 40 }).map((parts) => parts.join(""));
  const nothingThrows = (source: string): void => {
    const compiled = compileCondition(source);
    if (compiled.kind === "compiled") compiled.condition.evaluate({ now: 0 });
    else expect(compiled.message).not.toBe("");
  };
  property("of fragments", [soup], nothingThrows);
  property("of anything", [fc.string({ unit: "binary", maxLength: 200 })], nothingThrows);
});
