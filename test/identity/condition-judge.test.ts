import { describe, expect, test } from "vitest";
import { AccessIndex } from "../../identity/access-index.ts";
import { isCompiled } from "../../identity/assignment-condition.ts";
import { MOST_STEPS_OF_A_QUESTION, QuestionMeter } from "../../identity/condition-judge.ts";
import { missSentence } from "../../identity/nearest-miss.ts";
import { parseScope, type Scope } from "../../identity/scope.ts";
import { TextCache } from "../../identity/text-cache.ts";
import { zonedAccessors } from "../../identity/zoned-time.ts";
import { accessIndex, bound, now, role, roleAssignment, userAssigned } from "./builders.ts";

const { principalId: principal } = bound(userAssigned());
const scope = parseScope("/namespaces/payments/resources/vault") as Scope;
/** Takes more than half of what a question may take. */
const costly = (at: number): string =>
  `[${Array.from({ length: 20 }, () => "1").join(",")}].exists(x, time.getHours("Asia/Tokyo") == x + ${100 + at} || time.getMinutes("Asia/Tokyo") == x + 100)`;

function assignments(conditions: readonly (string | undefined)[]): AccessIndex {
  const all = conditions.map((condition, at) =>
    roleAssignment(principal, { name: `a${at}` }, condition === undefined ? {} : { condition }),
  );
  return accessIndex(all, [role("reader")]);
}

describe("one question", () => {
  test("takes no more than 50,000 steps, whatever its principal's conditions take", () => {
    const meter = new QuestionMeter();
    const index = assignments(Array.from({ length: 20 }, (_, at) => costly(at)));
    const decision = index.decide({ principal, scope, action: "secrets/read" }, { now, meter });
    expect(decision.kind).toBe("denied");
    expect(MOST_STEPS_OF_A_QUESTION).toBe(50_000);
    expect(meter.cost).toBeGreaterThan(25_000);
  });

  test("says of a condition that was not evaluated why, and what to do", () => {
    const index = assignments([costly(0), costly(1)]);
    const request = { now, meter: new QuestionMeter() };
    request.meter.take(MOST_STEPS_OF_A_QUESTION - 1_000);
    const miss = index.nearestMiss({ principal, scope }, request);
    expect(miss?.kind).toBe("conditionSkipped");
    expect(miss && missSentence(miss)).toMatch(
      /was not evaluated: .* Give it fewer assignments, or shorter conditions\.$/,
    );
  });

  test("grants what has no condition, however costly the conditions before it are", () => {
    const index = assignments([...Array.from({ length: 20 }, (_, at) => costly(at)), undefined]);
    expect(index.decide({ principal, scope, action: "secrets/read" }, { now }).kind).toBe("allowed");
  });

  test("judges a condition once, however many looks at the index it takes", () => {
    const request = { now, meter: new QuestionMeter() };
    const index = assignments([costly(0)]);
    index.grantsAt(principal, scope, request);
    const once = request.meter.cost;
    index.grantsAt(principal, scope, request);
    index.nearestMiss({ principal, scope }, request);
    expect(request.meter.cost - once).toBeLessThan(100);
  });

  /** Valid, 667 characters, and cheap to evaluate: the cost is in compiling it. */
  const long = (at: number, set: string): string => `${`pod.name != "${set}${at}-`.padEnd(666, "x")}"`;
  const facts = { now, pod: { namespace: "payments", name: "web", serviceAccount: "web", labels: {} } };

  test("compiles at most 16,384 characters of 1,000 different conditions", () => {
    const conditions = Array.from({ length: 1_000 }, (_, at) => `${long(at, "compile")} && false`);
    const meter = new QuestionMeter();
    const decision = assignments(conditions).decide({ principal, scope, action: "secrets/read" }, { ...facts, meter });
    expect(decision.kind).toBe("denied");
    const compiled = conditions.filter(isCompiled);
    expect(compiled.length).toBeGreaterThan(20);
    expect(compiled.join("").length).toBeLessThanOrEqual(16_384);
    expect(meter.cost).toBeLessThan(MOST_STEPS_OF_A_QUESTION + 16 * 16_384);
  });

  test("grants the same, whether its conditions are cached or not", () => {
    const index = assignments(Array.from({ length: 50 }, (_, at) => long(at, "same")));
    const cold = index.grantsAt(principal, scope, facts);
    const warm = index.grantsAt(principal, scope, facts);
    expect(cold).toHaveLength(24);
    expect(warm).toEqual(cold);
  });

  test("does not compile a condition for which too few steps are left", () => {
    const meter = new QuestionMeter();
    meter.take(MOST_STEPS_OF_A_QUESTION - 500);
    const condition = long(0, "left");
    expect(assignments([condition]).grantsAt(principal, scope, { ...facts, meter })).toEqual([]);
    expect(isCompiled(condition)).toBe(false);
  });

  test("looks at 10,000 assignments of a principal", () => {
    const index = new AccessIndex();
    index.putRole(role("reader"));
    for (let at = 0; at < 10_001; at++) index.putAssignment(roleAssignment(principal, { name: `a${at}` }));
    expect(index.grantsAt(principal, scope, { now })).toHaveLength(10_000);
  });
});

test("the wall clock of a zone is the zone's, before and after the clocks change", () => {
  const berlin = (time: string) =>
    Object.fromEntries(
      Object.entries(zonedAccessors).map(([name, read]) => [name, read(new Date(time), "Europe/Berlin")]),
    );
  expect(berlin("2026-03-29T00:59:59Z")).toMatchObject({ getHours: 1, getMinutes: 59, getSeconds: 59, getDate: 29 });
  expect(berlin("2026-03-29T01:00:00Z")).toMatchObject({ getHours: 3, getMinutes: 0, getDayOfWeek: 0 });
  expect(berlin("2026-12-31T23:30:00Z")).toMatchObject({
    getFullYear: 2027,
    getMonth: 0,
    getDate: 1,
    getDayOfMonth: 0,
  });
});

test("a cache of texts keeps those used last, up to its characters", () => {
  const computed: string[] = [];
  const cache = new TextCache<string>(10);
  const compute = (text: string): string => {
    computed.push(text);
    return text.toUpperCase();
  };
  const get = (text: string): string => cache.get(text, compute);
  for (const text of ["aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"]) get(text);
  expect(computed).toEqual(["aaaa", "bbbb", "cccc", "bbbb"]);
  expect(cache.characters).toBe(8);
  expect(get("x".repeat(11))).toBe("X".repeat(11));
  expect(cache.characters).toBe(0);
});
