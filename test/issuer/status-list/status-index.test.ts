import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indexInTokenId, STATUS_LIST_BITS, tokenIdWith } from "../../../identity/token-id.ts";
import { podIndexes, tokenIndex, turnOf } from "../../../issuer/status-list/status-index.ts";
import { property } from "../../support/property.ts";

const uid = "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01";

test("a pod has eight places in the list, the same for every issuer", () => {
  expect(podIndexes(uid)).toEqual([770651, 243304, 988026, 356964, 667487, 582299, 225146, 855963]);
});

describe("the place of a new token", () => {
  const [first = 0, second = 0, ...others] = podIndexes(uid);
  const spare = others[3];

  test.each<[string, number, readonly number[], number | undefined]>([
    ["is that of its turn", 1, [], second],
    ["is that of its turn, when a revoked token has another", 1, [first], second],
    ["is a spare one, when a revoked token has that of its turn", 1, [second], spare],
    ["is the only one that is left", 1, podIndexes(uid).slice(1), first],
    ["is a revoked one, when no other is left", 1, podIndexes(uid), second],
  ])("%s", (_which, turn, revoked, place) => {
    expect(tokenIndex(uid, turn, new Set(revoked))).toBe(place);
  });
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
