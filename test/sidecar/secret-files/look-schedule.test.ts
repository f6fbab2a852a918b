import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pauseUntilNextLook } from "../../../sidecar/secret-files/look-schedule.ts";
import { property } from "../../support/property.ts";

const start = { hasBeenPlaced: false, failures: 0, attempts: 1, retryAfterSeconds: 0 };
const steady = { ...start, hasBeenPlaced: true };
const longest = () => 1;

describe("the pause until the next look at a secret", () => {
  test.each([
    ["before the file has been there, it doubles up to 2 s", start, 500],
    ["also when nobody answers", { ...start, failures: 9, attempts: 9 }, 2000],
    ["then it is the period", steady, 10_000],
    ["while nobody answers it doubles", { ...steady, failures: 1 }, 20_000],
    ["up to a minute", { ...steady, failures: 2000 }, 60_000],
    ["and is as long as the vault asks for", { ...steady, failures: 1, retryAfterSeconds: 100 }, 100_000],
  ])("%s", (_rule, state, milliseconds) => {
    expect(pauseUntilNextLook(state, 10, longest)).toBe(milliseconds);
  });

  test("a period of over a minute is kept", () => {
    expect(pauseUntilNextLook({ ...steady, failures: 3 }, 600, longest)).toBe(600_000);
  });

  const states = fc.record({
    hasBeenPlaced: fc.boolean(),
    failures: fc.nat(),
    attempts: fc.nat(),
    retryAfterSeconds: fc.nat(300),
  });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  property("has half of it left to chance, and is never nothing", [states, chance], (state, drawn) => {
    const pause = pauseUntilNextLook(state, 10, () => drawn);
    expect(pause).toBeGreaterThanOrEqual(125);
    expect(pause).toBeLessThanOrEqual(300_000);
  });
});
