import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRecord, jsonEqual } from "../../identity/json-equal.ts";
import { property } from "../support/property.ts";

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, true],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [{ a: 1 }, { a: 1, b: undefined }, false],
  [{}, [], false],
  [null, {}, false],
  [undefined, undefined, true],
  ["1", 1, false],
])("%j and %j: %s", (one, other, same) => expect(jsonEqual(one, other)).toBe(same));

const noNegativeZero = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
property("agrees with Node's own comparison", [noNegativeZero, noNegativeZero], (one, other) => {
  return jsonEqual(one, other) === isDeepStrictEqual(one, other) && jsonEqual(one, structuredClone(one));
});

test.each<[unknown, boolean]>([
  [{}, true],
  [[], false],
  [null, false],
  ["text", false],
])("%j is a JSON object: %s", (value, is) => expect(isRecord(value)).toBe(is));
