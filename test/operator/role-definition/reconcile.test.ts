import { expect, test } from "vitest";
import { reconcileRoleDefinition } from "../../../operator/role-definition/reconcile.ts";
import { role } from "../../identity/builders.ts";
import { conditionOf, unusable } from "../builders.ts";

test.each([
  ["that can be read is ready", role("reader"), { status: "True", reason: "Ready" }],
  ["whose stored actions break a rule is not", unusable(role("reader")), { status: "False", reason: "Invalid" }],
])("a role %s", (_which, definition, ready) => {
  expect(conditionOf(reconcileRoleDefinition(definition, new Date()), "Ready")).toMatchObject(ready);
});
