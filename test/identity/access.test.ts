import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AccessFacts, effectiveGrants, grantFor, roleAllows, roleNames } from "../../identity/access.ts";
import { actionMatches } from "../../identity/action.ts";
import { type PrincipalId, principalId } from "../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { clusterScope, namespaceScope, resourceScope, type Scope } from "../../identity/scope.ts";
import { property } from "../support/property.ts";
import { clusterRoleAssignment, inSeconds, now, role, roleAssignment, rolesByName } from "./builders.ts";

const orders = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
const vault = resourceScope("payments", "vault");
const reader = role("reader", { actions: ["*/read"] });
const facts = (assignments: readonly AnyRoleAssignment[], roles = [reader]): AccessFacts => ({
  assignments,
  roleDefinitions: rolesByName(...roles),
  now,
});

describe("a role assignment counts", () => {
  test.each<[string, boolean, AnyRoleAssignment, Scope]>([
    ["on its resource", true, roleAssignment(orders, {}, { resource: "vault" }), vault],
    ["on another resource of its namespace", false, roleAssignment(orders, {}, { resource: "other" }), vault],
    ["on a resource, when it is for the namespace", true, roleAssignment(orders), vault],
    [
      "on the namespace, when it is for a resource",
      false,
      roleAssignment(orders, {}, { resource: "vault" }),
      namespaceScope("payments"),
    ],
    [
      "on the same resource name of another namespace",
      false,
      roleAssignment(orders, { namespace: "shop" }, { resource: "vault" }),
      vault,
    ],
    ["everywhere, when it is for the cluster", true, clusterRoleAssignment(orders, "/"), vault],
    [
      "in its namespace, when it is for one from outside",
      true,
      clusterRoleAssignment(orders, "/namespaces/payments"),
      vault,
    ],
    ["in another namespace", false, clusterRoleAssignment(orders, "/namespaces/shop"), vault],
    ["with a scope that is none", false, clusterRoleAssignment(orders, "/namespaces/../"), vault],
    ["before the operator pinned it", false, roleAssignment(undefined), vault],
    ["when it is pinned to another principal", false, roleAssignment("0d9b6b1e-54a2-4d0f-8f0e-2f6a3c1b7d55"), vault],
    ["before its end", true, roleAssignment(orders, {}, { expiresAt: inSeconds(1) }), vault],
    ["at its end", false, roleAssignment(orders, {}, { expiresAt: inSeconds(0) }), vault],
    ["after its end", false, roleAssignment(orders, {}, { expiresAt: inSeconds(-1) }), vault],
    ["with an end that is no time", false, roleAssignment(orders, {}, { expiresAt: "soon" }), vault],
    ["while it is being deleted", false, roleAssignment(orders, { deletionTimestamp: inSeconds(-1) }), vault],
    ["for a role that does not exist", false, roleAssignment(orders, {}, { roleDefinition: "raeder" }), vault],
  ])("%s: %s", (_given, counts, assignment, at) => {
    expect(effectiveGrants(orders, at, facts([assignment])).length > 0).toBe(counts);
  });

  test("a principal made again under the old name has nothing: the name in the spec decides nothing", () => {
    const before = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
    const after = principalId("b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46");
    const assignment = roleAssignment(before, {}, { principal: { managedIdentity: "orders", namespace: "shop" } });
    expect(effectiveGrants(before, vault, facts([assignment]))).toHaveLength(1);
    expect(effectiveGrants(after, vault, facts([assignment]))).toEqual([]);
  });
});

test("a role for the Kubernetes API alone opens no resource, at whatever scope it is held", () => {
  const view = role("view", { kubernetesRole: "view" });
  const everywhere = clusterRoleAssignment(orders, "/", { roleDefinition: "view" });
  expect(effectiveGrants(orders, vault, facts([everywhere], [view]))).toEqual([]);
});

describe("roleAllows", () => {
  const guarded = role("guarded", { actions: ["queues/**"], notActions: ["queues/*/purge"] });

  test.each([
    ["queues/orders/send", true],
    ["queues/orders/purge", false],
    ["topics/orders/send", false],
  ])("%s: %s", (action, allowed) => expect(roleAllows(guarded, action)).toBe(allowed));

  test("a role for the Kubernetes API alone allows no action", () => {
    expect(roleAllows(role("view", { kubernetesRole: "view" }), "secrets/read")).toBe(false);
  });

  test("notActions is no denial: another role may still give the action", () => {
    const purger = role("purger", { actions: ["queues/*/purge"] });
    const assignments = ["guarded", "purger"].map((roleDefinition) => roleAssignment(orders, {}, { roleDefinition }));
    const grants = effectiveGrants(orders, vault, facts(assignments, [guarded, purger]));
    expect(grantFor("queues/orders/purge", grants)?.role).toBe(purger);
  });
});

test("a token names each role once, in order", () => {
  const assignments = ["writer", "reader", "writer"].map((roleDefinition) =>
    roleAssignment(orders, {}, { roleDefinition }),
  );
  expect(roleNames(effectiveGrants(orders, vault, facts(assignments, [reader, role("writer")])))).toEqual([
    "reader",
    "writer",
  ]);
});

const principals = fc.constantFrom(orders, principalId("b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46"));
const namespaces = fc.constantFrom("payments", "shop");
const resources = fc.constantFrom("vault", "queue");
const roles = [reader, role("writer", { actions: ["**"], notActions: ["*/read"] }), role("none", { actions: ["x"] })];
const roleDefinitions = fc.constantFrom("reader", "writer", "none", "missing");
const ends = fc.constantFrom(undefined, inSeconds(-60), inSeconds(0), inSeconds(60));
const scopes: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(clusterScope),
  namespaces.map(namespaceScope),
  fc.tuple(namespaces, resources).map(([namespace, resource]) => resourceScope(namespace, resource)),
);
const assignments: fc.Arbitrary<AnyRoleAssignment> = fc
  .record({
    to: fc.option(principals, { nil: undefined }),
    namespace: namespaces,
    resource: fc.option(resources, { nil: undefined }),
    roleDefinition: roleDefinitions,
    expiresAt: ends,
    gone: fc.boolean(),
    scope: fc.constantFrom(undefined, "/", "/namespaces/shop", "/nowhere"),
  })
  .map(({ to, namespace, resource, roleDefinition, expiresAt, gone, scope }) => {
    const spec = { roleDefinition, ...(expiresAt === undefined ? {} : { expiresAt }) };
    if (scope !== undefined) return clusterRoleAssignment(to ?? "", scope, spec);
    const meta = { namespace, ...(gone ? { deletionTimestamp: inSeconds(-1) } : {}) };
    return roleAssignment(to, meta, { ...spec, ...(resource === undefined ? {} : { resource }) });
  });
const worlds = fc.array(assignments, { maxLength: 6 });
const actions = fc.constantFrom("secrets/read", "secrets/write", "x", "a/b/c");

interface Question {
  readonly principal: PrincipalId;
  readonly at: Scope;
  readonly action: string;
}
const questions: fc.Arbitrary<Question> = fc.record({ principal: principals, at: scopes, action: actions });

/** The model in the words of its description: no word of the code under test but the matching of one pattern. */
function allowedByReference({ principal, at, action }: Question, world: readonly AnyRoleAssignment[]): boolean {
  const covers = (pattern: string): boolean => actionMatches(pattern, action);
  const givenBy = ({ spec }: AnyRoleAssignment): boolean => {
    const definition = roles.find(({ metadata }) => metadata.name === spec.roleDefinition)?.spec;
    return (definition?.actions?.some(covers) ?? false) && !(definition?.notActions?.some(covers) ?? false);
  };
  return world
    .filter(({ status }) => status?.principalId === principal)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ spec }) => spec.expiresAt === undefined || now < Date.parse(spec.expiresAt))
    .filter((assignment) => holdsByReference(placeOf(assignment), at))
    .some(givenBy);
}

function placeOf({ spec, metadata }: AnyRoleAssignment): string {
  if ("scope" in spec) return spec.scope;
  const resource = "resource" in spec ? `/resources/${spec.resource}` : "";
  return `/namespaces/${metadata.namespace}${resource}`;
}

function holdsByReference(place: string, at: Scope): boolean {
  return place === "/" || `${at}/`.startsWith(`${place}/`);
}

const allowed = ({ principal, at, action }: Question, world: readonly AnyRoleAssignment[]): boolean =>
  grantFor(action, effectiveGrants(principal, at, facts(world, roles))) !== undefined;

describe("over random worlds", () => {
  property("the answer is the model's", [questions, worlds], (question, world) => {
    return allowed(question, world) === allowedByReference(question, world);
  });
  property(
    "adding an assignment never removes an action, and removing one never adds",
    [questions, worlds, assignments],
    (question, world, added) => !allowed(question, world) || allowed(question, [...world, added]),
  );
  property(
    "what is allowed in a namespace is allowed on each resource there",
    [questions, namespaces, resources, worlds],
    (question, namespace, resource, world) =>
      !allowed({ ...question, at: namespaceScope(namespace) }, world) ||
      allowed({ ...question, at: resourceScope(namespace, resource) }, world),
  );
  property("a principal that no assignment is pinned to has nothing", [questions, worlds], (question, world) => {
    return !allowed({ ...question, principal: principalId("4e8d2c6b-7a15-4b93-8d0e-1c9f3a5b7e20") }, world);
  });
});
