import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseForm } from "../../issuer/form.ts";
import { property } from "../support/property.ts";

describe("parseForm", () => {
  test("reads parameters, and counts one without a value as left out", () => {
    const form = parseForm("a=1&b=&c=x%20y+z");
    expect(form).toEqual({ kind: "parsed", parameters: new Map(Object.entries({ a: "1", c: "x y z" })) });
  });

  test.each([
    { given: "a parameter twice", body: "a=1&a=2" },
    { given: "a parameter twice, once escaped", body: "audience=1&%61udience=2" },
    { given: "a parameter twice, first without a value", body: "a=&a=2" },
    { given: "too many parameters", body: Array.from({ length: 33 }, (_, index) => `p${index}=1`).join("&") },
  ])("$given is refused", ({ body }) => {
    expect(parseForm(body)).toMatchObject({ kind: "refused", refusal: { code: "InvalidRequest" } });
  });

  property("no body makes it throw", [fc.string({ unit: "binary" })], (body) => {
    parseForm(body);
  });

  property(
    "what was written is read back",
    [fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ minLength: 1 }), { maxKeys: 8 })],
    (fields) => {
      const form = parseForm(new URLSearchParams(fields).toString());
      return form.kind === "parsed" && form.parameters.size === Object.keys(fields).length;
    },
  );
});
