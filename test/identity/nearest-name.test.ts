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
