import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, nearestName } from "../../identity/nearest-name.ts";
import { property } from "../support/property.ts";

const known = ["subjects", "disabled", "token", "type", "workload"];

describe("nearestName", () => {
  test.each([
    ["subjcts", "subjects"],
    ["Subjects", "subjects"],
    ["tokn", "token"],
    ["typ", "type"],
    ["tpye", "type"],
    ["completely", undefined],
    ["", undefined],
    ["x", undefined],
  ])("%j means %j", (written, meant) => expect(nearestName(written, known)).toBe(meant));

  test("of two that are as near, the first", () => expect(nearestName("ab", ["ac", "aa"])).toBe("ac"));
  test("of two, the nearer", () =>
    expect(nearestName("secrets-raeder", ["secrets-rader", "secrets-reader"])).toBe("secrets-rader"));

  test.each([
    ["names", "a".repeat(81), ["a".repeat(80)]],
    ["candidates", "a".repeat(80), ["a".repeat(81)]],
  ])("long %s are not compared", (_what, written, names) => expect(nearestName(written, names)).toBeUndefined());

  test("looks at 1,000 names, and compares 100 that could be near", () => {
    let looked = 0;
    const hostile = (function* () {
      for (;;) {
        looked += 1;
        yield "x".repeat(200);
      }
    })();
    expect(nearestName("orders", hostile)).toBeUndefined();
    expect(looked).toBe(1_000);
    const far = Array.from({ length: 100 }, () => "zzzzzz");
    expect(nearestName("orders", [...far.slice(1), "order"])).toBe("order");
    expect(nearestName("orders", [...far, "order"])).toBeUndefined();
  });

  property(
    "does not throw, and gives a known name or nothing",
    [fc.string(), fc.array(fc.string(), { maxLength: 5 })],
    (written, names) => {
      const name = nearestName(written, names);
      return name === undefined || names.includes(name);
    },
  );
  property("finds what is written in another case", [fc.stringMatching(/^[a-z]{1,20}$/)], (name) => {
    return nearestName(name.toUpperCase(), [name]) === name;
  });
});

test("didYouMean is the end of a sentence, or nothing", () => {
  expect(didYouMean("subjcts", known)).toBe(' Did you mean "subjects"?');
  expect(didYouMean("completely", known)).toBe("");
});
