import { describe, expect, test } from "vitest";
import { z } from "zod";
import { structuralSchema } from "../../crds/structural-schema.ts";
import { customResources } from "../../identity/custom-resources.ts";
import { allPlaces, type Place, readCrd, schemaOf } from "./crd.ts";

const pathsWhere = (broken: (place: Place) => boolean): string[] => allPlaces.filter(broken).map(({ path }) => path);

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema */
describe("every schema is structural", () => {
  test("each field has a type", () => {
    expect(
      pathsWhere(({ schema }) => !["object", "array", "string", "boolean", "integer"].includes(schema.type ?? "")),
    ).toEqual([]);
  });
  test("each field has a description, as a sentence", () => {
    expect(pathsWhere(({ schema }) => !/^\S.*\.$/s.test(schema.description ?? ""))).toEqual([]);
  });
  test("an object has fields or is a map, never both", () => {
    const isBoth = ({ schema }: Place): boolean =>
      (schema.properties === undefined) === (schema.additionalProperties === undefined);
    expect(pathsWhere((place) => place.schema.type === "object" && isBoth(place))).toEqual([]);
  });
  test("a list says what is in it and how lists merge", () => {
    expect(
      pathsWhere(
        ({ schema }) =>
          schema.type === "array" && (schema.items === undefined || schema["x-kubernetes-list-type"] === undefined),
      ),
    ).toEqual([]);
  });
  test("the keys of a list of type map are required fields of its items", () => {
    const hasKeys = ({ schema }: Place): boolean =>
      (schema["x-kubernetes-list-map-keys"] ?? []).length > 0 &&
      (schema["x-kubernetes-list-map-keys"] ?? []).every((key) => schema.items?.required?.includes(key));
    expect(pathsWhere((place) => place.schema["x-kubernetes-list-type"] === "map" && !hasKeys(place))).toEqual([]);
  });
  test("a list of type set holds scalars, and few enough to compare", () => {
    expect(
      pathsWhere(
        ({ schema }) =>
          schema["x-kubernetes-list-type"] === "set" &&
          (schema.items?.type !== "string" || schema.maxItems === undefined),
      ),
    ).toEqual([]);
  });
  test("what is required is there", () => {
    expect(
      pathsWhere(({ schema }) => (schema.required ?? []).some((name) => schema.properties?.[name] === undefined)),
    ).toEqual([]);
  });
  test("a field with a default is not required, and the default is one of its values", () => {
    const fits = ({ schema }: Place): boolean =>
      schema.enum?.some((value) => value === schema.default) ?? typeof schema.default === schema.type;
    expect(pathsWhere((place) => place.schema.default !== undefined && !fits(place))).toEqual([]);
    expect(
      pathsWhere(({ schema }) =>
        (schema.required ?? []).some((name) => schema.properties?.[name]?.default !== undefined),
      ),
    ).toEqual([]);
  });
  test("whole numbers say their format", () => {
    expect(pathsWhere(({ schema }) => schema.type === "integer" && schema.format !== "int64")).toEqual([]);
  });
  test("text has no format, with which the API server would take a list too: times have a pattern instead", () => {
    expect(pathsWhere(({ schema }) => schema.type === "string" && schema.format !== undefined)).toEqual([]);
    expect(pathsWhere(({ path, schema }) => /(?:Time|At)$/.test(path) && schema.pattern === undefined)).toEqual([]);
  });
});

/** The API server reads patterns with Go's regexp. https://github.com/google/re2/wiki/Syntax */
describe("every pattern is one that RE2 knows", () => {
  const outsideRe2 = /\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<|[*+?}]\+|\(\?\(/;
  const patterns = allPlaces.flatMap(({ path, schema }) =>
    schema.pattern === undefined ? [] : [{ path, pattern: schema.pattern }],
  );

  test.each(patterns)("$path", ({ pattern }) => {
    expect(pattern).not.toMatch(outsideRe2);
    expect(() => new RegExp(pattern, "u")).not.toThrow();
    expect(pattern).toMatch(/^\^.*\$$/s);
  });

  test.each(["(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(a)\\1", "(?<x>a)\\k<x>", "a++", "(?>a)"])(
    "%s would be seen",
    (pattern) => {
      expect(pattern).toMatch(outsideRe2);
    },
  );
});

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#resource-use-by-validation-functions */
describe("CEL rules", () => {
  const inSpec = allPlaces.filter(({ path }) => /^\w+\.spec/.test(path));
  const unbounded = ({ schema }: Place): boolean =>
    (schema.type === "string" && schema.maxLength === undefined && schema.enum === undefined) ||
    (schema.type === "array" && schema.maxItems === undefined) ||
    (schema.additionalProperties !== undefined && schema.maxProperties === undefined);

  test("work on bounded text, lists and maps alone, so that the API server can tell their cost", () => {
    expect(inSpec.filter(unbounded).map(({ path }) => path)).toEqual([]);
  });

  const rules = allPlaces.flatMap(({ path, schema }) =>
    (schema["x-kubernetes-validations"] ?? []).map((rule) => ({ path, schema, ...rule })),
  );
  test.each(rules)("$path: $message", ({ path, schema, rule, fieldPath, message }) => {
    const named = [...rule.matchAll(/(?:self|oldSelf)\.(\w+)(?!\w*\()/g)].map(([, field]) => field ?? "");
    expect(named.filter((field) => schema.properties?.[field] === undefined)).toEqual([]);
    expect(fieldPath === undefined || schema.properties?.[fieldPath.slice(1)] !== undefined, path).toBe(true);
    expect(message).not.toMatch(/[\n\r]/);
  });

  test.each([...customResources])(
    "$kind keeps its immutable fields, and says so where they could come or go",
    (resource) => {
      const spec = schemaOf(resource).properties?.spec;
      const kept = (spec?.["x-kubernetes-validations"] ?? []).filter(({ message }) => message.includes("is immutable"));
      expect(kept.map(({ fieldPath }) => fieldPath)).toEqual(resource.immutableFields.map((field) => `.${field}`));
      for (const { rule, fieldPath } of kept)
        expect(rule).toContain(`has(self${fieldPath}) == has(oldSelf${fieldPath})`);
    },
  );
});

describe("the definition around the schema", () => {
  test.each([...customResources])("$kind has a required spec, a status and columns with descriptions", (resource) => {
    const { scope, names, versions } = readCrd(resource).spec;
    expect(scope).toBe(resource.namespaced ? "Namespaced" : "Cluster");
    expect(names).toMatchObject({
      kind: resource.kind,
      listKind: `${resource.kind}List`,
      plural: resource.plural,
      categories: ["lanyard"],
    });
    expect(versions[0].schema.openAPIV3Schema).toMatchObject({
      required: ["spec"],
      properties: { metadata: { type: "object" } },
    });
    expect(versions[0].additionalPrinterColumns.at(-1)?.name).toBe("Age");
  });

  test.each([...customResources])("the columns of $kind show fields that there are", (resource) => {
    const known = allPlaces.map(({ path }) => path);
    const shown = readCrd(resource).spec.versions[0].additionalPrinterColumns.filter(({ name }) => name !== "Age");
    const paths = shown.map(({ jsonPath }) => resource.kind + jsonPath.replace(/\[\?\([^)]*\)\]/, "[]"));
    expect(paths.filter((path) => !known.includes(path))).toEqual([]);
  });

  test("short names are the kinds' own", () => {
    expect(customResources.flatMap((resource) => readCrd(resource).spec.names.shortNames)).toEqual([
      "mi",
      "rdef",
      "rasn",
      "crasn",
      "pres",
      "trev",
    ]);
  });
});

describe("a schema that is not structural is not generated", () => {
  test.each<[string, z.ZodType]>([
    ["a union", z.union([z.string(), z.object({ a: z.string() })])],
    ["one value", z.literal("a")],
    ["an object closed to other fields", z.strictObject({ a: z.string() })],
    ["a list in a field that may be null", z.object({ a: z.array(z.string()).nullable() })],
  ])("%s", (_given, schema) => expect(() => structuralSchema(schema)).toThrow("structural schema"));
});
