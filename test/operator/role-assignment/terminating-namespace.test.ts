import { describe, expect, test } from "vitest";
import { namespaces } from "../../../kube/kinds.ts";
import { roleBindings } from "../../../kube/rbac-kinds.ts";
import type { Cluster } from "../cluster.ts";
import { bindings, toOrders, withViewer } from "../kubernetes-role/access.ts";
import { pinOf, ready } from "./assignments.ts";

/** As while something in the namespace holds up its deletion. */
async function beginDeletion(cluster: Cluster): Promise<void> {
  await cluster.apply(namespaces, "shop", {}, { finalizers: ["example.com/hold"] });
  await cluster.delete(namespaces, "shop");
}

describe("a principal in a namespace that is being deleted", () => {
  test("is given nothing, and the assignment says why", async () => {
    const cluster = await withViewer();
    await beginDeletion(cluster);
    await cluster.assignment("payments/reads", toOrders);
    expect(await ready(cluster)).toMatchObject({ status: "False", reason: "PrincipalNamespaceTerminating" });
    expect(await pinOf(cluster)).toBeUndefined();
    expect(await bindings(cluster)).toEqual([]);
  });

  test("is not written about again and again", async () => {
    const cluster = await withViewer();
    await beginDeletion(cluster);
    await cluster.assignment("payments/reads", toOrders);
    const { writes, errors } = await cluster.startOperator();
    await cluster.advance(600_000);
    expect({ writes: writes.filter((write) => write.includes("reads")), errors }).toEqual({ writes: [], errors: [] });
  });

  test("is not found once the namespace is gone, and found when it is made anew", async () => {
    const cluster = await withViewer();
    await beginDeletion(cluster);
    await cluster.assignment("payments/reads", toOrders);
    await cluster.apply(namespaces, "shop", {}, { finalizers: [] });
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalNotFound" });
    await cluster.identity("shop/orders");
    expect(await cluster.all(roleBindings)).toHaveLength(1);
  });

  test("that had the role before is deleted like any other", async () => {
    const cluster = await withViewer();
    await cluster.assignment("payments/reads", toOrders);
    await beginDeletion(cluster);
    expect(await ready(cluster)).toMatchObject({ reason: "PrincipalDeleted" });
    expect(await bindings(cluster)).toEqual([]);
  });
});
