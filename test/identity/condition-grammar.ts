import fc from "fast-check";
import type { RequestFacts } from "../../identity/request-facts.ts";

const words = ["a", "ab", "shop", "orders-1", "https://vault.svc", ""];
const labelNames = ["env", "team", "constructor"];
const quoted = (text: string): string => JSON.stringify(text);

/** Expressions of each type, three levels deep; loop variables are texts. */
const { condition } = fc.letrec<{ condition: string; text: string; number: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...words.map(quoted)),
    fc.constantFrom("request.audience", "pod.namespace", "pod.name", "pod.serviceAccount", "x"),
    fc.constantFrom(...labelNames).map((name) => `pod.labels[${quoted(name)}]`),
    fc.constantFrom(...labelNames).map((name) => `pod.labels.${name}`),
    fc.tuple(tie("text"), tie("text")).map(([a, b]) => `(${a} + ${b})`),
    fc.tuple(tie("condition"), tie("text"), tie("text")).map(([is, a, b]) => `(${is} ? ${a} : ${b})`),
  ),
  number: fc.oneof(
    { depthSize: "small" },
    fc.integer({ min: 0, max: 20 }).map(String),
    tie("text").map((text) => `size(${text})`),
    fc.constantFrom("time.getHours()", 'time.getHours("Europe/Berlin")'),
    fc
      .tuple(tie("number"), fc.constantFrom("+", "-", "*", "/"), tie("number"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
  ),
  condition: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("true", "false"),
    fc.tuple(tie("text"), fc.constantFrom("==", "!="), tie("text")).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.tuple(tie("number"), fc.constantFrom("<", ">=", "=="), tie("number")).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc
      .tuple(tie("text"), fc.constantFrom("startsWith", "endsWith", "contains"), tie("text"))
      .map(([a, method, b]) => `${a}.${method}(${b})`),
    tie("condition").map((each) => `!(${each})`),
    fc.tuple(tie("condition"), fc.constantFrom("&&", "||"), tie("condition")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.constantFrom(...labelNames).map((name) => `has(pod.labels.${name})`),
    tie("text").map((name) => `${name} in pod.labels`),
    fc.tuple(tie("text"), fc.array(tie("text"), { maxLength: 3 })).map(([a, all]) => `${a} in [${all.join(", ")}]`),
    fc
      .tuple(fc.array(tie("text"), { minLength: 1, maxLength: 3 }), fc.constantFrom("exists", "all"), tie("condition"))
      .map(([all, loop, each]) => `[${all.join(", ")}].${loop}(x, ${each})`),
  ),
}));

/** Conditions that mostly compile: an `x` outside a loop does not. */
export const conditionText: fc.Arbitrary<string> = condition.map((text) => `["a"].exists(x, ${text})`);

const text = fc.constantFrom(...words);
const pod = fc.record({
  namespace: text,
  name: text,
  serviceAccount: text,
  labels: fc.dictionary(fc.constantFrom("env", "team", "ab"), text),
});

export const factsArbitrary: fc.Arbitrary<RequestFacts> = fc.record(
  { now: fc.integer({ min: 0, max: Date.parse("2030-01-01T00:00:00Z") }), audience: text, pod },
  { requiredKeys: ["now"] },
);
