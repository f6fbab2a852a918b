import { describe, expect, test } from "vitest";
import { principalId } from "../../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../../identity/role-assignment.ts";
import type { Observed } from "../../../operator/role-assignment/checks.ts";
import { reconcileRoleAssignment, reconcileUnusable } from "../../../operator/role-assignment/reconcile.ts";
import { clusterRoleAssignment, inSeconds, now, roleAssignment } from "../../identity/builders.ts";
import { conditionOf, notReadyBecause, unusable } from "../builders.ts";

const orders = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
const another = principalId("0b6e4f6a-90aa-4c1c-8f0b-8d2d8a3c5b11");
const found = { kind: "found", value: orders } as const;
const missing = { kind: "missing", known: [] } as const;
const unpinned = roleAssignment(undefined);
const pinned = roleAssignment(orders);

/** Everything that the assignment names exists, unless said otherwise. */
function reconciled(assignment: AnyRoleAssignment, world: Partial<Observed> = {}, at = now) {
  const observed = {
    assignment,
    principal: found,
    role: { kind: "found", value: "reader" },
    resource: undefined,
  } as const;
  return reconcileRoleAssignment({ ...observed, ...world }, new Date(at));
}

describe("an assignment is", () => {
  const ending = roleAssignment(orders, {}, { expiresAt: inSeconds(60) });
  const onVault = roleAssignment(orders, {}, { resource: "vault" });
  test.each<[string, AnyRoleAssignment, Partial<Observed>, string]>([
    ["ready when all that it names exists", unpinned, {}, "Ready"],
    ["ready before its end", ending, {}, "Ready"],
    ["pending while its principal does not exist", unpinned, { principal: missing }, "PrincipalNotFound"],
    ["not ready without its role", pinned, { role: missing }, "RoleNotFound"],
    ["not ready with a role that cannot be read", pinned, { role: { kind: "unusable" } }, "Invalid"],
    ["not ready without its resource", onVault, { resource: missing }, "ResourceNotFound"],
    ["without effect when its principal was deleted", pinned, { principal: missing }, "PrincipalDeleted"],
    ["without effect when its principal was made again", roleAssignment(another), {}, "PrincipalReplaced"],
    ["told of its lost principal first", pinned, { principal: missing, role: missing }, "PrincipalDeleted"],
  ])("%s", (_state, assignment, world, reason) => {
    const status = reason === "Ready" ? "True" : "False";
    expect(conditionOf(reconciled(assignment, world).status, "Ready")).toMatchObject({ status, reason });
  });
});

describe("the pin", () => {
  test.each<[string, AnyRoleAssignment, Partial<Observed>, string | undefined]>([
    ["is set when the principal is first resolved", unpinned, {}, orders],
    ["is set although the role is still missing", unpinned, { role: missing }, orders],
    ["is set although the resource is still missing", unpinned, { resource: missing }, orders],
    ["is not set while there is no principal", unpinned, { principal: missing }, undefined],
    ["stays when the principal is gone", pinned, { principal: missing }, orders],
    ["stays when the principal was made again", roleAssignment(another), {}, another],
  ])("%s", (_when, assignment, world, principal) => {
    expect(reconciled(assignment, world).status.principalId).toBe(principal);
  });

  test("stays on an assignment that cannot be read any more", () => {
    const { status } = reconcileUnusable(unusable(pinned), new Date(now));
    expect(status.principalId).toBe(orders);
    expect(conditionOf(status, "Ready")).toMatchObject({ status: "False", reason: "Invalid" });
  });
});

describe("the scope is", () => {
  test.each<[string, AnyRoleAssignment, string]>([
    ["the namespace", pinned, "/namespaces/payments"],
    ["the resource", roleAssignment(orders, {}, { resource: "vault" }), "/namespaces/payments/resources/vault"],
    ["what a ClusterRoleAssignment says", clusterRoleAssignment(orders, "/namespaces/shop"), "/namespaces/shop"],
  ])("%s", (_where, assignment, scope) => expect(reconciled(assignment).status.scope).toBe(scope));
});

describe("an assignment that ends", () => {
  const ending = roleAssignment(orders, {}, { expiresAt: inSeconds(60) });
  const end = now + 60_000;

  test("is looked at again at that very time", () => expect(reconciled(ending).requeueAt).toBe(end));

  test("is in force to the last millisecond", () => {
    expect(conditionOf(reconciled(ending, {}, end - 1).status, "Ready")).toMatchObject({ status: "True" });
  });

  test("has ended at that time, and is not looked at again", () => {
    const { status, requeueAt } = reconciled(ending, {}, end);
    expect(conditionOf(status, "Ready")).toMatchObject({ status: "False", reason: "Expired" });
    expect(requeueAt).toBeUndefined();
  });
});

describe("a lost principal is reported", () => {
  const gone = { principal: missing };
  const told = (reason: string): AnyRoleAssignment => ({
    ...pinned,
    status: { principalId: orders, conditions: [notReadyBecause(reason)] },
  });
  test.each<[string, AnyRoleAssignment, Partial<Observed>, string | undefined]>([
    ["when the status does not say it yet", pinned, gone, "PrincipalDeleted"],
    ["not again when it does", told("PrincipalDeleted"), gone, undefined],
    [
      "anew when its name was taken by another",
      told("PrincipalDeleted"),
      { principal: { kind: "found", value: another } },
      "PrincipalReplaced",
    ],
    ["not when nothing was lost", unpinned, gone, undefined],
  ])("%s", (_when, assignment, world, code) => {
    expect(reconciled(assignment, world).principalLost?.code).toBe(code);
  });
});

describe("what a person reads", () => {
  const message = (assignment: AnyRoleAssignment, world: Partial<Observed> = {}): string | undefined =>
    conditionOf(reconciled(assignment, world).status, "Ready")?.message;
  const ofWorkload = roleAssignment(undefined, {}, { principal: { workload: { kind: "Deployment", name: "web" } } });

  test("in force: the role, where, and until when", () => {
    const assignment = roleAssignment(orders, {}, { expiresAt: inSeconds(60) });
    expect(message(assignment)).toBe(`The principal has role reader on /namespaces/payments until ${inSeconds(60)}.`);
  });

  test("a principal that does not exist, and the name that may have been meant", () => {
    const principal = { kind: "missing", known: ["shop/billing", "shop/order"] } as const;
    expect(message(unpinned, { principal })).toContain("shop/orders does not exist yet");
    const inShop = { ...unpinned, metadata: { ...unpinned.metadata, namespace: "shop" } } as AnyRoleAssignment;
    expect(message(inShop, { principal })).toContain('Did you mean "shop/order"?');
  });

  test("no names of another namespace's identities", () => {
    const principal = { kind: "missing", known: ["shop/order"] } as const;
    expect(message(unpinned, { principal })).not.toContain("Did you mean");
  });

  test("a workload without identity: how to give it one", () => {
    const text = message(ofWorkload, { principal: missing });
    expect(text).toContain("Deployment payments/web");
    expect(text).toContain('lanyard.dev/system-assigned: "true"');
  });

  test("a lost principal: by name and by id", () => {
    const text = message(roleAssignment(another));
    expect(text).toContain("ManagedIdentity shop/orders");
    expect(text).toContain(orders);
    expect(text).toContain(another);
  });
});
