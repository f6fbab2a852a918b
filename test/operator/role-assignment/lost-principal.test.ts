import { describe, expect, test } from "vitest";
import { deployments, managedIdentities } from "../../../kube/kinds.ts";
import { Cluster } from "../cluster.ts";
import { pinOf, ready, rolesOf, toWeb, withOrders } from "./assignments.ts";

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
