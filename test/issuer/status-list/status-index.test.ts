import fc from "fast-check";
import { expect, test } from "vitest";
import {
  indexInTokenId,
  podIndexes,
  STATUS_LIST_BITS,
  tokenIdWith,
  turnOf,
} from "../../../issuer/status-list/status-index.ts";
import { property } from "../../support/property.ts";

const uid = "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01";

test("a pod has five places in the list, the same for every issuer", () => {
  expect(podIndexes(uid, new Set())).toEqual([53956, 963102, 358382, 558294, 990267]);
});

test("a place that a revoked token has is passed over", () => {
  const [first = 0, ...others] = podIndexes(uid, new Set());
  const after = podIndexes(uid, new Set([first]));
  expect(after.slice(0, 4)).toEqual(others);
  expect(after).not.toContain(first);
});

test("it ends when somebody has revoked every token that there could be", () => {
  expect(podIndexes(uid, new Set(Array.from({ length: STATUS_LIST_BITS }, (_none, index) => index)))).toEqual([]);
});

property(
  "a token that is renewed has another place than the one before it",
  [
    fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
    fc.integer({ min: 600, max: 86_400 }),
    fc.double({ min: 0.5, max: 0.99, noNaN: true }),
  ],
  (issuedAt, lifetimeSeconds, part) => {
    const renewedAt = issuedAt + Math.ceil(lifetimeSeconds * part);
    return turnOf({ issuedAt, lifetimeSeconds }) !== turnOf({ issuedAt: renewedAt, lifetimeSeconds });
  },
);

property("the id of a token says its place", [fc.uuid(), fc.nat(STATUS_LIST_BITS - 1)], (id, index) => {
  return indexInTokenId(tokenIdWith(id, index)) === index;
});

test.each([uid, "", ".", "a.zzzz", "a.zzzzz", "a.-1", "a.1e3!"])("an id that names no place: %s", (jti) => {
  expect(indexInTokenId(jti)).toBeUndefined();
});

property("whatever an id is, nothing throws, and no place is outside the list", [fc.string()], (jti) => {
  const index = indexInTokenId(jti);
  return index === undefined || (index >= 0 && index < STATUS_LIST_BITS);
});
