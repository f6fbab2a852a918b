import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readQuantity, writeQuantity } from "../../identity/quantity.ts";
import { property } from "../support/property.ts";

describe("a quantity", () => {
  test.each<[unknown, number | undefined]>([
    ["1", 1_000],
    [2, 2_000],
    ["100m", 100],
    ["0.1", 100],
    [".5", 500],
    ["1.", 1_000],
    ["+1", 1_000],
    ["1Ki", 1_024_000],
    ["1.5Gi", 1.5 * 1024 ** 3 * 1000],
    ["1k", 1_000_000],
    ["1e3", 1_000_000],
    ["1E3", 1_000_000],
    ["1E", 1e21],
    ["500u", 1],
    ["1n", 1],
    ["0", 0],
    ["-1", undefined],
    ["", undefined],
    ["m", undefined],
    ["1 m", undefined],
    ["1mi", undefined],
    ["1KI", undefined],
    ["0x10", undefined],
    ["NaN", undefined],
    [null, undefined],
    ["1".repeat(100_000), undefined],
  ])("%j is %j thousandths", (written, thousandths) => expect(readQuantity(written)).toBe(thousandths));

  test.each([
    ["cpu", 5, "5m"],
    ["cpu", 2_000, "2"],
    ["memory", 64 * 1024 ** 2 * 1000, "64Mi"],
    ["memory", 1_500, "2"],
    ["memory", 0, "0"],
  ] as const)("of %s, %i thousandths are written as %j", (resource, thousandths, text) =>
    expect(writeQuantity(resource, thousandths)).toBe(text),
  );

  property(
    "is read as it was written",
    [fc.constantFrom("cpu", "memory"), fc.nat({ max: 2 ** 40 })],
    (resource, amount) => {
      const thousandths = resource === "cpu" ? amount : amount * 1000;
      expect(readQuantity(writeQuantity(resource, thousandths))).toBe(thousandths);
    },
  );
});
