import { describe, expect, test } from "vitest";
import { scopeOf } from "../../identity/role-assignment.ts";
import { clusterRoleAssignment, roleAssignment } from "./builders.ts";
import { specProblems } from "./spec-problems.ts";

const oneOfTwo = "principal: exactly one of managedIdentity and workload must be set";
const needsResource = "subresource: a subresource is part of a resource: set resource too";
const workload = { kind: "Deployment", name: "web" };
const principal = { managedIdentity: "orders", namespace: "shop" };

const notBool = "expected true or false to come out of it, not string";

describe("RoleAssignment", () => {
  const problems = (spec: object): string[] =>
    specProblems("RoleAssignment", { principal, roleDefinition: "reader", ...spec });

  test.each<[string, object]>([
    ["to an identity, on the namespace", {}],
    ["to an identity of this namespace", { principal: { managedIdentity: "orders" } }],
    [
      "to a workload, on a resource, for a time",
      { principal: { workload }, resource: "payments-vault", expiresAt: "2026-12-01T00:00:00Z" },
    ],
    ["on a part of a resource", { resource: "payments-vault", subresource: "secrets/db-password" }],
    ["on a part of a part", { resource: "payments-vault", subresource: "secrets/db-password/versions/v1" }],
    ["from a time until another", { notBefore: "2026-12-01T00:00:00Z", expiresAt: "2026-12-01T00:00:01Z" }],
    ["under a condition", { condition: 'pod.labels["env"] == "prod"' }],
    ["with an end in another time zone", { expiresAt: "2026-12-01T01:30:00.5+01:30" }],
  ])("is right %s", (_given, spec) => expect(problems(spec)).toEqual([]));

  test.each<[string, object, string]>([
    ["to nobody", { principal: {} }, oneOfTwo],
    ["to two", { principal: { managedIdentity: "orders", workload } }, oneOfTwo],
    ["with no principal", { principal: undefined }, "principal: is required"],
    ["with no role", { roleDefinition: undefined }, "roleDefinition: is required"],
    [
      "for something that is not a kind",
      { principal: { workload: { kind: "deployments", name: "a" } } },
      'principal.workload.kind: expected a kind, such as Deployment; got "deployments"',
    ],
    [
      "on a resource path",
      { resource: "a/b" },
      'resource: expected a name of lower-case letters, digits, "-" and ".", such as "orders"; got "a/b"',
    ],
    ["on a part of no resource", { subresource: "secrets/a" }, needsResource],
    ...[
      "secrets",
      "secrets/",
      "/secrets/a",
      "secrets/a/versions",
      "a/b/c/d/e/f",
      "secrets/..",
      "Secrets/a",
      "secrets/\u0430",
    ].map((subresource): [string, object, string] => [
      `on the part ${subresource}`,
      { resource: "payments-vault", subresource },
      `subresource: expected a kind and a name in lower case, such as "secrets/db-password"; got "${subresource}"`,
    ]),
    [
      "until a day with no time",
      { expiresAt: "2026-12-01" },
      'expiresAt: expected a time such as "2026-12-01T00:00:00Z" (RFC 3339); got "2026-12-01"',
    ],
    [
      "from a time that is not before its end",
      { notBefore: "2026-12-01T01:00:00+01:00", expiresAt: "2026-12-01T00:00:00Z" },
      "notBefore: notBefore must be earlier than expiresAt",
    ],
    [
      "under a condition that is not true or false",
      { condition: "pod.name" },
      `condition: line 1, column 1: ${notBool}`,
    ],
    [
      "until a day that does not exist",
      { expiresAt: "2026-02-30T00:00:00Z" },
      'expiresAt: expected a time such as "2026-12-01T00:00:00Z" (RFC 3339); got "2026-02-30T00:00:00Z"',
    ],
    [
      "with a scope, which is the cluster-wide kind's",
      { scope: "/" },
      "scope: unknown field. Known here: principal, roleDefinition, resource, subresource, notBefore, expiresAt, condition",
    ],
  ])("is wrong %s", (_given, spec, problem) => expect(problems(spec)).toContain(problem));
});

describe("ClusterRoleAssignment", () => {
  const problems = (spec: object): string[] =>
    specProblems("ClusterRoleAssignment", { principal, roleDefinition: "reader", scope: "/", ...spec });

  test.each(["/", "/namespaces/shop", `/namespaces/${"a".repeat(63)}`])("is right with the scope %s", (scope) => {
    expect(problems({ scope })).toEqual([]);
  });

  test.each([
    "",
    "shop",
    "/namespaces",
    "/namespaces/",
    "/namespaces/shop/",
    "/namespaces/Shop",
    "/namespaces/shop/resources/vault",
    "/..",
    "//",
  ])("is wrong with the scope %j", (scope) =>
    expect(problems({ scope })).toContain('scope: expected "/" or "/namespaces/NAME"'),
  );

  test.each<[string, object, string]>([
    [
      "to an identity of no namespace",
      { principal: { managedIdentity: "orders" } },
      "principal.namespace: is required",
    ],
    ["to nobody", { principal: { namespace: "shop" } }, oneOfTwo],
    ["to two", { principal: { ...principal, workload } }, oneOfTwo],
  ])("is wrong %s", (_given, spec, problem) => expect(problems(spec)).toContain(problem));
});

test("an assignment holds where it was written: on its resource, its namespace, or the scope that it names", () => {
  expect(scopeOf(roleAssignment("p", {}, { resource: "vault" }))).toBe("/namespaces/payments/resources/vault");
  expect(scopeOf(roleAssignment("p", {}, { resource: "vault", subresource: "secrets/a" }))).toBe(
    "/namespaces/payments/resources/vault/secrets/a",
  );
  expect(scopeOf(roleAssignment("p"))).toBe("/namespaces/payments");
  expect(scopeOf(clusterRoleAssignment("p", "/"))).toBe("/");
  expect(scopeOf(clusterRoleAssignment("p", "/elsewhere"))).toBeUndefined();
});
