import { expect, test } from "vitest";
import { isRecentEnough } from "../../tools/find-helm.ts";

test.each<[string, boolean]>([
  ["v4.2.4", true],
  ["v4.0.0+g1234567", true],
  ["v3.14.0+g3fc9f4b", true],
  ["v3.19.2", true],
  ["v3.13.3+gc8b9489", false],
  ["v2.17.0", false],
  ["Client: &version.Version{}", false],
  ["", false],
])("a Helm that says %j is recent enough: %s", (version, enough) => {
  expect(isRecentEnough(version)).toBe(enough);
});
