import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseQuery } from "../../sidecar/query.ts";
import { property } from "../support/property.ts";

describe("parseQuery", () => {
  test.each([
    ["a=1&b=2", { a: "1", b: "2" }],
    ["a=https://v/?x=y", { a: "https://v/?x=y" }],
    ["a=https%3A%2F%2Fv", { a: "https://v" }],
    ["a=1+2%2B3", { a: "1 2+3" }],
    ["a", { a: "" }],
    ["__proto__=x", { ["__proto__"]: "x" }],
  ])("%s", (query, parameters) => {
    expect(parseQuery(query)).toEqual({ kind: "parameters", parameters: new Map(Object.entries(parameters)) });
  });

  test.each([
    ["a=1&a=2", "DuplicateParameter"],
    ["a=1&%61=2", "DuplicateParameter"],
    ["a&a", "DuplicateParameter"],
    ["a=%", "InvalidRequest"],
    ["%ff=1", "InvalidRequest"],
  ])("%s is refused", (query, code) => expect(parseQuery(query)).toMatchObject({ kind: "refused", refusal: { code } }));

  test("empty parts between & are nothing given twice", () => {
    expect(parseQuery("&&a=1&&")).toMatchObject({ kind: "parameters" });
  });

  property("takes any text", [fc.string({ unit: "binary" })], (text) => {
    parseQuery(text);
  });
  property(
    "reads back what URLSearchParams writes",
    [fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), fc.string({ unit: "grapheme" }), { minKeys: 1 })],
    (values) => {
      const parsed = parseQuery(new URLSearchParams(values).toString());
      expect(parsed).toEqual({ kind: "parameters", parameters: new Map(Object.entries(values)) });
    },
  );
});
