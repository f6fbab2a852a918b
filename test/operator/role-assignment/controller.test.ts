import { describe, expect, test } from "vitest";
import { effectiveGrants } from "../../../identity/access.ts";
import { principalId } from "../../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../../identity/role-assignment.ts";
import { namespaceScope } from "../../../identity/scope.ts";
import {
  clusterRoleAssignments,
  deployments,
  managedIdentities,
  protectedResources,
  roleAssignments,
  roleDefinitions,
} from "../../../kube/kinds.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

const toWeb = { principal: { workload: { kind: "Deployment", name: "web" }, namespace: "shop" } };

/** A cluster with role `reader` and identity shop/orders. */
async function withOrders(): Promise<Cluster> {
  const cluster = await Cluster.withOperator();
  await cluster.role("reader");
  await cluster.identity("shop/orders");
  return cluster;
}

async function ready(cluster: Cluster, name = "payments/reads") {
  return conditionOf((await cluster.get(roleAssignments, name)).status, "Ready");
}

async function pinOf(cluster: Cluster, name = "payments/reads") {
  return (await cluster.get(roleAssignments, name)).status?.principalId;
}

/** The roles that a principal has in namespace payments. */
async function rolesOf(cluster: Cluster, principal: string) {
  const roles = await cluster.all(roleDefinitions);
  const facts = {
    assignments: await cluster.all<AnyRoleAssignment>(roleAssignments),
    roleDefinitions: new Map(roles.map((role) => [role.metadata.name, role])),
    now: cluster.clock.now(),
  };
  return effectiveGrants(principalId(principal), namespaceScope("payments"), facts).map(
    ({ role }) => role.metadata.name,
  );
}

describe("an assignment becomes ready by itself", () => {
  test("when its principal is made", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.role("reader");
    await cluster.assignment("payments/reads");
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "PrincipalNotFound" });
    expect(await pinOf(cluster)).toBeUndefined();

    const { metadata } = await cluster.identity("shop/orders");
    expect(await ready(cluster)).toMatchObject({ status: "True", reason: "Ready" });
    expect(await pinOf(cluster)).toBe(metadata.uid);
  });

  test("when its role is made, and its principal was pinned before", async () => {
    const cluster = await Cluster.withOperator();
    const { metadata } = await cluster.identity("shop/orders");
    await cluster.assignment("payments/reads");
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "RoleNotFound" });
    expect(await pinOf(cluster)).toBe(metadata.uid);

    await cluster.role("reader");
    expect(await ready(cluster)).toMatchObject({ status: "True" });

    await cluster.delete(roleDefinitions, "reader");
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "RoleNotFound" });
  });

  test("when its resource is made", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads", { resource: "vault" });
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "ResourceNotFound" });
    await cluster.resource("shop/vault", "https://vault.shop.svc");
    expect(await ready(cluster)).toMatchObject({ reason: "ResourceNotFound" });

    await cluster.resource("payments/vault", "https://vault.payments.svc");
    expect(await ready(cluster)).toMatchObject({ status: "True" });

    await cluster.delete(protectedResources, "payments/vault");
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "ResourceNotFound" });
  });

  test("when its workload is given an identity", async () => {
    const cluster = await withOrders();
    await cluster.workload(deployments, "shop/web");
    await cluster.assignment("payments/reads", toWeb);
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "PrincipalNotFound" });

    await cluster.workload(deployments, "shop/web", "true");
    const identities = await cluster.all(managedIdentities);
    const own = identities.find(({ spec }) => spec.type === "SystemAssigned");
    expect(await ready(cluster)).toMatchObject({ status: "True" });
    expect(await pinOf(cluster)).toBe(own?.metadata.uid);
  });
});

test("a principal without namespace is one of the assignment's own", async () => {
  const cluster = await withOrders();
  await cluster.assignment("shop/reads", { principal: { managedIdentity: "orders" } });
  expect(await ready(cluster, "shop/reads")).toMatchObject({ status: "True" });
});

test("a ClusterRoleAssignment is resolved as any other", async () => {
  const cluster = await withOrders();
  const principal = { managedIdentity: "orders", namespace: "shop" };
  await cluster.apply(clusterRoleAssignments, "everywhere", {
    spec: { principal, roleDefinition: "reader", scope: "/" },
  });
  const { status } = await cluster.get(clusterRoleAssignments, "everywhere");
  expect(status).toMatchObject({ scope: "/", principalId: expect.any(String) });
  expect(conditionOf(status, "Ready")).toMatchObject({ status: "True" });
});

test("the hint at a name that may have been meant follows the names that there are", async () => {
  const cluster = await Cluster.withOperator();
  await cluster.assignment("payments/reads");
  expect((await ready(cluster))?.message).not.toContain("Did you mean");
  await cluster.identity("shop/order");
  expect((await ready(cluster))?.message).toContain('Did you mean "shop/order"?');
});

describe("an identity that is being deleted", () => {
  const going = { finalizers: ["example.com/slow"] };
  const spec = { type: "UserAssigned", disabled: false };

  test("is not resolved any more", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.apply(managedIdentities, "shop/orders", { spec }, going);
    await cluster.delete(managedIdentities, "shop/orders");
    await cluster.assignment("payments/reads");
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalNotFound" });
  });

  test("counts as deleted", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.role("reader");
    await cluster.apply(managedIdentities, "shop/orders", { spec }, going);
    await cluster.assignment("payments/reads");
    await cluster.delete(managedIdentities, "shop/orders");
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalDeleted" });
  });
});

describe("a name that is used again inherits nothing", () => {
  test("an identity made again is another principal", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads");
    const first = (await cluster.get(managedIdentities, "shop/orders")).metadata.uid;
    expect(await rolesOf(cluster, first)).toEqual(["reader"]);

    await cluster.delete(managedIdentities, "shop/orders");
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "PrincipalDeleted" });

    const second = (await cluster.identity("shop/orders")).metadata.uid;
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "PrincipalReplaced" });
    expect(await pinOf(cluster)).toBe(first);
    expect(await rolesOf(cluster, second)).toEqual([]);
  });

  test("nor does one that was made again while no operator ran", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads");
    await cluster.stopOperator();
    await cluster.delete(managedIdentities, "shop/orders");
    const second = (await cluster.identity("shop/orders")).metadata.uid;
    await cluster.startOperator();
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalReplaced" });
    expect(await rolesOf(cluster, second)).toEqual([]);
  });

  test("a workload made again is another principal", async () => {
    const cluster = await withOrders();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.assignment("payments/reads", toWeb);
    const first = await pinOf(cluster);

    await cluster.delete(deployments, "shop/web");
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalDeleted" });

    await cluster.workload(deployments, "shop/web", "true");
    const identities = await cluster.all(managedIdentities);
    const second = identities.find(({ spec }) => spec.type === "SystemAssigned")?.metadata.uid ?? "";
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalReplaced" });
    expect(await pinOf(cluster)).toBe(first);
    expect(second).not.toBe(first);
    expect(await rolesOf(cluster, second)).toEqual([]);
  });
});

describe("a deleted identity with live assignments", () => {
  async function deleteOrders(cluster: Cluster): Promise<void> {
    await cluster.assignment("payments/reads");
    await cluster.assignment("audit/reads");
    await cluster.delete(managedIdentities, "shop/orders");
  }

  test("is reported on both, once, and the assignments stay", async () => {
    const cluster = await withOrders();
    await deleteOrders(cluster);
    for (const name of ["payments/reads", "audit/reads"]) {
      expect(await ready(cluster, name)).toMatchObject({ reason: "PrincipalDeleted" });
      expect(await cluster.eventsOn(name)).toMatchObject([{ type: "Warning", reason: "PrincipalDeleted" }]);
    }
    const [told, ...rest] = await cluster.eventsOn("shop/orders");
    expect(rest).toEqual([]);
    expect(told).toMatchObject({ type: "Warning", reason: "IdentityDeleted" });
    expect(told?.note).toContain("RoleAssignment audit/reads, RoleAssignment payments/reads");
    expect(told?.regarding?.uid).toBe(await pinOf(cluster));
  });

  test("is reported by an operator that was down, and not again by the next", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads");
    await cluster.stopOperator();
    await cluster.delete(managedIdentities, "shop/orders");
    const first = await cluster.startOperator();
    expect(await cluster.eventsOn("shop/orders")).toMatchObject([{ reason: "IdentityDeleted" }]);

    const second = await cluster.startOperator();
    expect(second.writes).toEqual([]);
    expect(first.writes.at(-1), "only when all is told does the status say so").toBe(
      "applyStatus RoleAssignment payments/reads",
    );
  });

  test("that was a workload's is reported on the workload", async () => {
    const cluster = await withOrders();
    await cluster.workload(deployments, "shop/web", "true");
    await cluster.assignment("payments/reads", toWeb);
    await cluster.delete(deployments, "shop/web");
    expect(await cluster.eventsOn("shop/web")).toMatchObject([
      { reason: "IdentityDeleted", regarding: { kind: "Deployment", apiVersion: "apps/v1" } },
    ]);
  });
});

describe("an assignment ends", () => {
  const expiresAt = "2026-11-21T12:01:00Z";

  test("at the exact time", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads", { expiresAt });
    await cluster.advance(59_999);
    expect(await ready(cluster)).toMatchObject({ status: "True" });
    await cluster.advance(1);
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "Expired", lastTransitionTime: expiresAt });
  });

  test("later, when its end was put off", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads", { expiresAt });
    await cluster.assignment("payments/reads", { expiresAt: "2026-11-21T13:00:00Z" });
    await cluster.advance(60_000);
    expect(await ready(cluster)).toMatchObject({ status: "True" });
    await cluster.advance(59 * 60_000);
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "Expired" });
  });

  test("without being asked about in between", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads", { expiresAt });
    const { writes } = await cluster.startOperator();
    await cluster.advance(59_999);
    expect(writes).toEqual([]);
  });
});
