import { describe, expect, test } from "vitest";
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
import { pinOf, ready, toWeb, withOrders } from "./assignments.ts";

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

test("a ManagedIdentity that a person made under a workload's name is not the workload's principal", async () => {
  const cluster = await withOrders();
  await cluster.workload(deployments, "shop/web", "true");
  await cluster.stopOperator();
  const own = (await cluster.all(managedIdentities)).find(({ spec }) => spec.type === "SystemAssigned");
  const name = `shop/${own?.metadata.name}`;
  await cluster.delete(managedIdentities, name);
  await cluster.identity(name);

  await cluster.startOperator();
  await cluster.assignment("payments/reads", toWeb);
  expect(await ready(cluster)).toMatchObject({ status: "False", reason: "PrincipalNotFound" });
  expect(await pinOf(cluster)).toBeUndefined();
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

describe("the hint at a name that may have been meant follows the names that there are", () => {
  test("principals", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.assignment("shop/reads");
    const ready = async () => conditionOf((await cluster.get(roleAssignments, "shop/reads")).status, "Ready");
    expect((await ready())?.message).not.toContain("Did you mean");
    await cluster.identity("shop/order");
    expect((await ready())?.message).toContain('Did you mean "shop/order"?');
    await cluster.delete(managedIdentities, "shop/order");
    expect((await ready())?.message).not.toContain("Did you mean");
  });

  test("roles", async () => {
    const cluster = await Cluster.withOperator();
    await cluster.identity("shop/orders");
    await cluster.assignment("payments/reads");
    await cluster.role("raeder");
    expect((await ready(cluster))?.message).toContain('Did you mean "raeder"?');
  });

  test("resources", async () => {
    const cluster = await withOrders();
    await cluster.assignment("payments/reads", { resource: "vault" });
    await cluster.resource("payments/valut", "https://vault.payments.svc");
    expect((await ready(cluster))?.message).toContain('Did you mean "valut"?');
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
