import fc from "fast-check";
import { expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { property } from "../support/property.ts";

test("the six kinds, as a person names them", () => {
  expect(customResources.map(({ shortName, plural, namespaced }) => [shortName, plural, namespaced])).toEqual([
    ["mi", "managedidentities", true],
    ["rdef", "roledefinitions", false],
    ["rasn", "roleassignments", true],
    ["crasn", "clusterroleassignments", false],
    ["pres", "protectedresources", true],
    ["trev", "tokenrevocations", true],
  ]);
});

for (const { kind, spec, status } of customResources) {
  property(`no value makes the schemas of ${kind} throw`, [fc.oneof(fc.anything(), fc.jsonValue())], (value) => {
    spec.safeParse(value);
    status.safeParse(value);
  });
}
