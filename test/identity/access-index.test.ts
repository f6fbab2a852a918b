import { describe, expect, test } from "vitest";
import { roleNames } from "../../identity/access.ts";
import type { AccessIndex } from "../../identity/access-index.ts";
import { principalId } from "../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { clusterScope, namespaceScope, resourceScope, type Scope, subresourceScope } from "../../identity/scope.ts";
import { accessIndex, clusterRoleAssignment, inSeconds, now, role, roleAssignment } from "./builders.ts";

const orders = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
const vault = resourceScope("payments", "vault");
const password = subresourceScope("payments", "vault", "secrets/db-password");
const toPassword = { resource: "vault", subresource: "secrets/db-password" };
const reader = role("reader", { actions: ["*/read"] });
const facts = { now };
const index = (assignments: readonly AnyRoleAssignment[], roles = [reader]): AccessIndex =>
  accessIndex(assignments, roles);

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
    ["on a part of its resource", true, roleAssignment(orders, {}, { resource: "vault" }), password],
    ["on the part it is for", true, roleAssignment(orders, {}, toPassword), password],
    [
      "on a part of that part",
      true,
      roleAssignment(orders, {}, toPassword),
      subresourceScope("payments", "vault", "secrets/db-password/versions/v1"),
    ],
    ["on another part", false, roleAssignment(orders, {}, { resource: "vault", subresource: "secrets/db" }), password],
    ["on the whole resource, when it is for a part", false, roleAssignment(orders, {}, toPassword), vault],
    ["on the cluster, when it is for the cluster", true, clusterRoleAssignment(orders, "/"), clusterScope],
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
    ["before its beginning", false, roleAssignment(orders, {}, { notBefore: inSeconds(1) }), vault],
    ["from its beginning", true, roleAssignment(orders, {}, { notBefore: inSeconds(0) }), vault],
    ["with a beginning that is no time", false, roleAssignment(orders, {}, { notBefore: "soon" }), vault],
    ["before its end", true, roleAssignment(orders, {}, { expiresAt: inSeconds(1) }), vault],
    ["at its end", false, roleAssignment(orders, {}, { expiresAt: inSeconds(0) }), vault],
    ["after its end", false, roleAssignment(orders, {}, { expiresAt: inSeconds(-1) }), vault],
    ["with an end that is no time", false, roleAssignment(orders, {}, { expiresAt: "soon" }), vault],
    ["while it is being deleted", false, roleAssignment(orders, { deletionTimestamp: inSeconds(-1) }), vault],
    ["for a role that does not exist", false, roleAssignment(orders, {}, { roleDefinition: "raeder" }), vault],
  ])("%s: %s", (_given, counts, assignment, at) => {
    expect(index([assignment]).grantsAt(orders, at, facts).length > 0).toBe(counts);
    const question = { principal: orders, action: "secrets/read", scope: at };
    expect(index([assignment]).decide(question, facts).kind).toBe(counts ? "allowed" : "denied");
  });

  test("a principal made again under the old name has nothing: the name in the spec decides nothing", () => {
    const before = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
    const after = principalId("b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46");
    const assignment = roleAssignment(before, {}, { principal: { managedIdentity: "orders", namespace: "shop" } });
    expect(index([assignment]).grantsAt(before, vault, facts)).toHaveLength(1);
    expect(index([assignment]).grantsAt(after, vault, facts)).toEqual([]);
  });
});

test("a role for the Kubernetes API alone opens no resource, at whatever scope it is held", () => {
  const view = role("view", { kubernetesRole: "view" });
  const everywhere = clusterRoleAssignment(orders, "/", { roleDefinition: "view" });
  expect(index([everywhere], [view]).grantsAt(orders, vault, facts)).toEqual([]);
});

test("notActions is no denial: another role may still give the action", () => {
  const guarded = role("guarded", { actions: ["queues/**"], notActions: ["queues/*/purge"] });
  const purger = role("purger", { actions: ["queues/*/purge"] });
  const assignments = ["guarded", "purger"].map((roleDefinition) => roleAssignment(orders, {}, { roleDefinition }));
  const question = { principal: orders, action: "queues/orders/purge", scope: vault };
  expect(index(assignments, [guarded, purger]).decide(question, facts)).toMatchObject({
    kind: "allowed",
    grant: { role: purger },
  });
});

test("a token names each role once, in order", () => {
  const assignments = ["writer", "reader", "writer"].map((roleDefinition) =>
    roleAssignment(orders, {}, { roleDefinition }),
  );
  expect(roleNames(index(assignments, [reader, role("writer")]).grantsAt(orders, vault, facts))).toEqual([
    "reader",
    "writer",
  ]);
});

test("a part that is withdrawn, and a role that is deleted, leave nothing behind", () => {
  const onPart = roleAssignment(orders, { name: "part" }, toPassword);
  const access = index([onPart]);
  expect(access.grantsBelow(orders, vault, facts).toArray()).toHaveLength(1);
  access.deleteAssignment("payments/part");
  expect(access.grantsBelow(orders, vault, facts).toArray()).toEqual([]);
  access.putAssignment(onPart);
  access.deleteRole("reader");
  expect(access.grantsBelow(orders, vault, facts).toArray()).toEqual([]);
  access.putRole(reader);
  expect(access.grantsBelow(orders, vault, facts).toArray()).toHaveLength(1);
});

describe("conditions that take too long together", () => {
  const slow = (at: number): string =>
    Array.from({ length: 7 }, () => `time.getHours("Asia/Tokyo") == ${24 + at}`).join(" || ");
  const slowly = (count: number): AnyRoleAssignment[] =>
    Array.from({ length: count }, (_, at) => roleAssignment(orders, {}, { condition: slow(at) }));
  const last = roleAssignment(orders, {}, { condition: `true || ${slow(99)}` });
  const question = { principal: orders, action: "secrets/read", scope: vault };

  test.each([
    ["some of them", slowly(8), "allowed"],
    ["too many", slowly(30), "denied"],
  ])("keep what comes after them from being decided, which gives nothing: %s", (_how, before, decision) => {
    const access = index([...before, last]);
    expect(access.decide(question, facts).kind).toBe(decision);
    expect(access.grantsAt(orders, vault, facts)).toHaveLength(decision === "allowed" ? 1 : 0);
  });

  test("change nothing for whoever has no condition, or is another principal", () => {
    const other = principalId("b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46");
    const othersOwn = roleAssignment(other, {}, { condition: "true" });
    const access = index([...slowly(30), roleAssignment(orders), othersOwn]);
    expect(access.decide(question, facts).kind).toBe("allowed");
    expect(access.decide({ ...question, principal: other }, facts).kind).toBe("allowed");
  });
});

test("a role of 1,000 actions is one role; what it is asked about is not remembered without end", () => {
  const actions = Array.from({ length: 1000 }, (_, at) => `kind-${at}/read`);
  const access = index([roleAssignment(orders)], [role("reader", { actions })]);
  const asked = Array.from({ length: 3000 }, (_, at) => ({
    principal: orders,
    scope: vault,
    action: `kind-${at}/read`,
  }));
  const answers = asked.map((question) => access.decide(question, facts).kind);
  expect(answers.filter((kind) => kind === "allowed")).toHaveLength(1000);
  expect(asked.map((question) => access.decide(question, facts).kind)).toEqual(answers);
});
