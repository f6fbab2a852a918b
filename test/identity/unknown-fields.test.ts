import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FieldSchema, unknownFields } from "../../identity/unknown-fields.ts";
import { property } from "../support/property.ts";

const text: FieldSchema = {};
const schema: FieldSchema = {
  properties: {
    metadata: {},
    spec: {
      properties: {
        type: text,
        subjects: { items: { properties: { serviceAccount: text } } },
        claims: { additionalProperties: text },
        limits: { additionalProperties: { properties: { seconds: text } } },
        closed: { properties: { only: text }, additionalProperties: false },
      },
    },
  },
};

describe("unknownFields", () => {
  test.each<[string, unknown, (string | number)[][]]>([
    ["all known", { metadata: { name: "a" }, spec: { type: "x" } }, []],
    ["one at the top", { spek: {} }, [["spek"]]],
    ["one below", { spec: { typ: "x" } }, [["spec", "typ"]]],
    [
      "one in a list's item",
      { spec: { subjects: [{}, { serviceAcount: "a" }] } },
      [["spec", "subjects", 1, "serviceAcount"]],
    ],
    ["several, in the order written", { b: 1, spec: { c: 1 }, a: 1 }, [["b"], ["spec", "c"], ["a"]]],
    ["any name in a map", { spec: { claims: { team: "x", subjcts: "y" } } }, []],
    [
      "one in a map's value",
      { spec: { limits: { a: { seconds: 1 }, b: { minutes: 1 } } } },
      [["spec", "limits", "b", "minutes"]],
    ],
    ["any name where the schema names none", { metadata: { anything: { at: "all" } } }, []],
    [
      "one where the schema says that no other may stand",
      { spec: { closed: { only: 1, more: 2 } } },
      [["spec", "closed", "more"]],
    ],
    [
      "names that every JavaScript object has",
      JSON.parse('{"constructor": 1, "__proto__": {"spec": 1}, "toString": 2}'),
      [["constructor"], ["__proto__"], ["toString"]],
    ],
    ["a value of another type is not this check's matter", { spec: ["type"], metadata: 3 }, []],
    ["nothing", null, []],
  ])("%s", (_given, value, paths) => {
    expect(unknownFields(schema, value).map(({ path }) => path)).toEqual(paths);
  });

  test("says which names are known at that place", () => {
    expect(unknownFields(schema, { spec: { subjects: [{ name: "a" }] } })).toEqual([
      { path: ["spec", "subjects", 0, "name"], known: ["serviceAccount"] },
    ]);
  });

  test("each place of a tuple has its own schema", () => {
    const tuple = { items: [{ properties: { a: text } }, { properties: { b: text } }] };
    expect(unknownFields(tuple, [{ a: 1 }, { a: 1 }, { a: 1 }]).map(({ path }) => path)).toEqual([[1, "a"]]);
  });

  const values = fc.oneof(fc.anything(), fc.record({ spec: fc.anything() }), fc.jsonValue());
  property("does not throw, and each path leads to a field that is there", [values], (value) => {
    return unknownFields(schema, value).every(({ path }) => reach(value, path));
  });
});

function reach(value: unknown, path: readonly (string | number)[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return false;
  return reach(Object.getOwnPropertyDescriptor(value, step)?.value, rest);
}
