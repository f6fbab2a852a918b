import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoff, renewAt } from "../../sidecar/renewal-schedule.ts";
import { tokenFrom } from "../../sidecar/token.ts";
import { property } from "../support/property.ts";

const start = Date.parse("2026-11-21T12:00:00Z");
const secondsUntilRenewal = (expiresInSeconds: number, random: number) =>
  (renewAt(tokenFrom({ jwt: "a", clientId: "b", expiresInSeconds }, start), () => random) - start) / 1000;

describe("renewAt", () => {
  test.each([
    ["an hour, earliest", 3600, 0, 2520],
    ["an hour, latest", 3600, 1, 2880],
    ["a day", 86_400, 0.5, 64_800],
    ["ten minutes: 300 s and a minute before the end", 600, 0.5, 240],
    ["hardly servable: not in a loop", 310, 0.5, 10],
  ])("%s", (_name, lifetime, random, seconds) => expect(secondsUntilRenewal(lifetime, random)).toBeCloseTo(seconds, 3));

  property(
    "leaves a minute before a token of 370 s and more may no longer be served",
    [fc.integer({ min: 370, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true })],
    (lifetime, random) => secondsUntilRenewal(lifetime, random) <= lifetime - 360,
  );
});

describe("backoff", () => {
  test.each([
    [0, 0, 500],
    [0, 1, 1000],
    [3, 1, 8000],
    [1000, 1, 60_000],
  ])("after %i failures, with chance %d: %d ms", (failures, random, milliseconds) => {
    expect(backoff(failures, () => random)).toBe(milliseconds);
  });
});
