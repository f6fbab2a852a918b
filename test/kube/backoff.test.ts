import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullJitter } from "../../kube/backoff.ts";
import { property } from "../support/property.ts";

const BACKOFF = { base: 100, cap: 1000 };

describe("fullJitter", () => {
  test.each([
    { attempt: 0, ceiling: 100 },
    { attempt: 1, ceiling: 200 },
    { attempt: 3, ceiling: 800 },
    { attempt: 4, ceiling: 1000 },
    { attempt: 5000, ceiling: 1000 },
  ])("attempt $attempt waits between 0 and $ceiling ms", ({ attempt, ceiling }) => {
    expect(fullJitter(BACKOFF, attempt, () => 0)).toBe(0);
    expect(fullJitter(BACKOFF, attempt, () => 0.5)).toBe(ceiling / 2);
    expect(fullJitter(BACKOFF, attempt, () => 0.999_999)).toBe(ceiling);
  });

  property(
    "never waits longer than the cap",
    [fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })],
    (attempt, random) => {
      const wait = fullJitter(BACKOFF, attempt, () => random);
      return wait >= 0 && wait <= BACKOFF.cap;
    },
  );
});
