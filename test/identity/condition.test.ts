import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Condition, conditionSchema, mergeConditions, type Observation } from "../../identity/condition.ts";
import { property } from "../support/property.ts";

const at = { now: new Date("2026-11-21T12:00:00.750Z"), generation: 2 };
const ready: Condition = {
  type: "Ready",
  status: "True",
  reason: "Ready",
  message: "Tokens are issued.",
  observedGeneration: 1,
  lastTransitionTime: "2026-11-01T00:00:00Z",
};
const observed = (fields: Partial<Observation> = {}): Observation => ({
  type: "Ready",
  status: "True",
  reason: "Ready",
  message: "Tokens are issued.",
  ...fields,
});

describe("mergeConditions", () => {
  test("a new condition begins now, in whole seconds as the API writes them", () => {
    expect(mergeConditions([], [observed()], at)).toEqual([
      { ...ready, observedGeneration: 2, lastTransitionTime: "2026-11-21T12:00:00Z" },
    ]);
  });

  test("what still holds keeps its time, though the reason or the sentence is another", () => {
    const [merged] = mergeConditions([ready], [observed({ reason: "Disabled", message: "Disabled." })], at);
    expect(merged).toMatchObject({
      reason: "Disabled",
      lastTransitionTime: "2026-11-01T00:00:00Z",
      observedGeneration: 2,
    });
  });

  test("a change of status moves the time", () => {
    const [merged] = mergeConditions([ready], [observed({ status: "False" })], at);
    expect(merged).toMatchObject({ status: "False", lastTransitionTime: "2026-11-21T12:00:00Z" });
  });

  test("the same observation of the same generation changes nothing, so that nothing is written", () => {
    expect(mergeConditions([ready], [observed()], { ...at, generation: 1 })).toEqual([ready]);
  });

  test("a condition that is no longer observed is left out; the order is that of the observations", () => {
    const merged = mergeConditions(
      [{ ...ready, type: "SubjectsFound" }, ready],
      [observed({ type: "New" }), observed()],
      at,
    );
    expect(merged.map(({ type }) => type)).toEqual(["New", "Ready"]);
  });
});

const observations = fc.uniqueArray(
  fc.record({
    type: fc.constantFrom("Ready", "SubjectsFound", "New"),
    status: fc.constantFrom("True" as const, "False" as const, "Unknown" as const),
    reason: fc.constantFrom("Ready", "Pending"),
    message: fc.string(),
  }),
  { selector: ({ type }) => type },
);
const instants = fc.record({
  now: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }),
  generation: fc.nat(),
});

property(
  "merging again, at any later time, changes nothing",
  [observations, instants, instants],
  (list, first, second) => {
    const merged = mergeConditions([], list, first);
    const again = mergeConditions(merged, list, { ...second, generation: first.generation });
    return JSON.stringify(again) === JSON.stringify(merged);
  },
);

property("what is merged is what the API takes", [observations, instants], (list, instant) => {
  return mergeConditions([], list, instant).every((condition) => conditionSchema.safeParse(condition).success);
});
