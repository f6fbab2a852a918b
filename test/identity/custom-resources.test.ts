import fc from "fast-check";
import { expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { property } from "../support/property.ts";

test("the six kinds, as a person names them", () => {
  expect(customResources.map(({ shortName, plural, namespaced }) => [shortName, plural, namespaced])).toEqual([
    ["mi", "managedidentities", true],
    ["rd", "roledefinitions", false],
    ["ra", "roleassignments", true],
    ["cra", "clusterroleassignments", false],
    ["pr", "protectedresources", true],
    ["tr", "tokenrevocations", true],
  ]);
});

for (const { kind, spec, status } of customResources) {
  property(`no value makes the schemas of ${kind} throw`, [fc.oneof(fc.anything(), fc.jsonValue())], (value) => {
    spec.safeParse(value);
    status.safeParse(value);
  });
}
