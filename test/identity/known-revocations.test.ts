import fc from "fast-check";
import { expect, test } from "vitest";
import { isKnown, knownRevocations } from "../../identity/known-revocations.ts";
import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { property } from "../support/property.ts";
import { revocation } from "../support/revocation.ts";

const at = (seconds: number): TokenRevocation =>
  revocation(undefined, { creationTimestamp: new Date((1_700_000_000 + seconds) * 1000).toISOString() });

test("a token that was issued while nothing was revoked says nothing, and knows of no revocation", () => {
  expect(knownRevocations([])).toBeUndefined();
  expect(isKnown(at(0), undefined)).toBe(false);
});

test("of two revocations in the same second, a token knows the one that its issuer knew", () => {
  const first = at(0);
  const known = knownRevocations([first]);
  expect(isKnown(first, known)).toBe(true);
  expect(isKnown(at(0), known)).toBe(false);
});

test("a revocation of an API server whose clock is behind is no older than what was known before it", () => {
  expect(isKnown(at(-30), knownRevocations([at(0)]))).toBe(false);
});

test("what is a day older than the latest is known without being named, so that a token stays small", () => {
  const old = at(-80_000);
  const known = knownRevocations([old, at(0)]) ?? "";
  expect(known.split(".")).toHaveLength(2);
  expect(isKnown(old, known)).toBe(true);
});

test("it goes on when the revocations that it named are over and deleted", () => {
  const old = at(-1);
  expect(isKnown(old, knownRevocations([old, at(0)]))).toBe(true);
});

test("no token names more than sixteen; the others count as unknown, so that nothing revoked is good", () => {
  const many = Array.from({ length: 40 }, () => at(0));
  const known = knownRevocations(many);
  expect(many.filter((each) => isKnown(each, known))).toHaveLength(16);
});

test.each([
  "",
  "x",
  "1700000000",
  "1700000000.",
  ".0123456789ab",
  "9e9.0123456789ab",
  `1${"0".repeat(12)}.0123456789ab`,
])("a text that no issuer wrote knows of nothing: %s", (known) => {
  expect(isKnown(at(-100_000), known)).toBe(false);
});

property("whatever is written there, nothing throws", [fc.string()], (known) => {
  isKnown(at(0), known);
});

interface Happened {
  /** When, by a clock that nobody has. */
  readonly time: number;
  /** How far the clock is off of the API server that stamped it. */
  readonly skew: number;
}

const happened: fc.Arbitrary<Happened> = fc.record({
  time: fc.integer({ min: 0, max: 90_000 }),
  skew: fc.integer({ min: -20, max: 20 }),
});

property(
  "a token knows exactly what had happened when it was issued, whichever clocks are off",
  [fc.uniqueArray(happened, { maxLength: 12, selector: ({ time }) => time }), fc.integer({ min: 0, max: 90_000 })],
  (history, issued) => {
    const revocations = history.map(({ time, skew }) => ({ time, revocation: at(time + skew) }));
    const known = knownRevocations(revocations.flatMap(({ time, revocation }) => (time <= issued ? [revocation] : [])));
    return revocations.every(({ time, revocation }) => isKnown(revocation, known) === time <= issued);
  },
);
