import { describe, expect, test } from "vitest";
import {
  clusterRoleAssignments,
  managedIdentities,
  namespaces,
  roleAssignments,
  roleDefinitions,
} from "../../../kube/kinds.ts";
import { clusterRoleBindings, roleBindings } from "../../../kube/rbac-kinds.ts";
import { StatusError } from "../../../kube/status-error.ts";
import type { Cluster } from "../cluster.ts";
import {
  bindingOfReads,
  bindings,
  clusterAssignment,
  kubernetesRole,
  reasonsOn,
  said,
  toOrders,
  userOf,
  withViewer,
} from "./access.ts";

/** Assignment payments/reads of role `viewer`, and the binding that it has in the end. */
async function withReads(): Promise<{ readonly cluster: Cluster; readonly bound: string }> {
  const cluster = await withViewer();
  const identity = await cluster.get(managedIdentities, "shop/orders");
  await cluster.assignment("payments/reads", toOrders);
  return { cluster, bound: `RoleBinding ${bindingOfReads}: view → ${userOf(identity)}` };
}

describe("an assignment of a role with kubernetesRole", () => {
  test("binds the principal in the assignment's namespace, and is ready when that is done", async () => {
    const { cluster, bound } = await withReads();
    expect(await bindings(cluster)).toEqual([bound]);
    expect(await said(cluster, "KubernetesRoleBound")).toBe("True KubernetesRoleBound");
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });

  test("makes a binding that says whose it is", async () => {
    const { cluster } = await withReads();
    const { metadata } = await cluster.get(roleAssignments, "payments/reads");
    expect((await cluster.get(roleBindings, bindingOfReads)).metadata).toMatchObject({
      labels: { "app.kubernetes.io/managed-by": "lanyard" },
      ownerReferences: [{ kind: "RoleAssignment", name: "reads", uid: metadata.uid }],
    });
  });

  test("makes none when it is for one resource, which RBAC knows nothing of", async () => {
    const cluster = await withViewer();
    await cluster.resource("payments/vault", "https://vault.payments.svc");
    await cluster.assignment("payments/reads", { ...toOrders, resource: "vault" });
    expect(await bindings(cluster)).toEqual([]);
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });

  test.each([
    { scope: "/namespaces/payments", place: "RoleBinding payments/" },
    { scope: "/", place: "ClusterRoleBinding " },
  ])("with scope $scope makes a $place…", async ({ scope, place }) => {
    const cluster = await withViewer();
    await clusterAssignment(cluster, "all", scope);
    const user = userOf(await cluster.get(managedIdentities, "shop/orders"));
    expect(await bindings(cluster)).toEqual([`${place}lanyard.cluster-role-assignment.all: view → ${user}`]);
  });

  test("with a namespace that does not exist yet waits for it", async () => {
    const cluster = await withViewer();
    await clusterAssignment(cluster, "early", "/namespaces/later");
    const reasons = async () =>
      (await cluster.get(clusterRoleAssignments, "early")).status?.conditions?.map(({ reason }) => reason);
    expect(await reasons()).toEqual(["NamespaceNotFound", "NamespaceNotFound"]);
    await cluster.apply(namespaces, "later");
    expect(await bindings(cluster)).toHaveLength(1);
    expect((await reasons())?.sort()).toEqual(["KubernetesRoleBound", "Ready"]);
  });

  test("binds an identity that comes later", async () => {
    const cluster = await withViewer();
    await cluster.delete(managedIdentities, "shop/orders");
    await cluster.assignment("payments/reads", toOrders);
    expect(await bindings(cluster)).toEqual([]);
    const identity = await cluster.identity("shop/orders");
    expect(await bindings(cluster)).toEqual([`RoleBinding ${bindingOfReads}: view → ${userOf(identity)}`]);
  });

  test("follows its role to another ClusterRole, and to none", async () => {
    const { cluster, bound } = await withReads();
    const before = await cluster.get(roleBindings, bindingOfReads);
    await kubernetesRole(cluster, "viewer", "edit");
    expect(await bindings(cluster)).toEqual([bound.replace(": view", ": edit")]);
    // A roleRef is immutable, so this cannot be the same object.
    const after = await cluster.get(roleBindings, bindingOfReads);
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(await reasonsOn(cluster, "payments/reads")).toEqual([]);
    await cluster.role("viewer", ["secrets/read"]);
    expect(await bindings(cluster)).toEqual([]);
    expect(await said(cluster, "KubernetesRoleBound")).toBeUndefined();
    expect(await said(cluster, "Ready")).toBe("True Ready");
  });

  test("made again with another scope leaves nothing at the old one", async () => {
    const cluster = await withViewer();
    await clusterAssignment(cluster, "all", "/");
    await cluster.stopOperator();
    await cluster.delete(clusterRoleAssignments, "all");
    await clusterAssignment(cluster, "all", "/namespaces/payments");
    await cluster.converge();
    expect(await cluster.all(clusterRoleBindings)).toEqual([]);
    expect(await cluster.all(roleBindings)).toHaveLength(1);
  });
});

describe("the binding goes when", () => {
  test.each<[string, (cluster: Cluster) => Promise<unknown>]>([
    ["the assignment is deleted", (cluster) => cluster.delete(roleAssignments, "payments/reads")],
    ["the identity is deleted", (cluster) => cluster.delete(managedIdentities, "shop/orders")],
    [
      "the identity is made again under the same name",
      async (cluster) => {
        await cluster.delete(managedIdentities, "shop/orders");
        await cluster.identity("shop/orders");
      },
    ],
    ["the identity is disabled", (cluster) => cluster.identity("shop/orders", { disabled: true })],
    ["the role is deleted", (cluster) => cluster.delete(roleDefinitions, "viewer")],
  ])("%s", async (_when, change) => {
    const { cluster } = await withReads();
    await change(cluster);
    expect(await bindings(cluster)).toEqual([]);
  });

  test("the assignment ends, at that very time", async () => {
    const cluster = await withViewer();
    const expiresAt = new Date(cluster.clock.now() + 60_000).toISOString();
    await cluster.assignment("payments/reads", { ...toOrders, expiresAt });
    await cluster.advance(59_999);
    expect(await bindings(cluster)).toHaveLength(1);
    await cluster.advance(1);
    expect(await bindings(cluster)).toEqual([]);
    expect(await said(cluster, "Ready")).toBe("False Expired");
  });

  test("the assignment ends, although its status cannot be written", async () => {
    const cluster = await withViewer();
    const expiresAt = new Date(cluster.clock.now() + 60_000).toISOString();
    await cluster.assignment("payments/reads", { ...toOrders, expiresAt });
    await cluster.startOperator((write) =>
      write.startsWith("applyStatus") ? new StatusError("Forbidden", "refused by the test") : undefined,
    );
    await cluster.advance(60_000);
    expect(await bindings(cluster)).toEqual([]);
  });

  test("the assignment went while no operator ran and garbage collection was late", async () => {
    const { cluster } = await withReads();
    const { metadata, subjects, roleRef } = await cluster.get(roleBindings, bindingOfReads);
    await cluster.stopOperator();
    await cluster.delete(roleAssignments, "payments/reads");
    const { labels } = metadata;
    await cluster.apply(roleBindings, bindingOfReads, { subjects, roleRef }, { labels });
    await cluster.converge();
    expect(await bindings(cluster)).toEqual([]);
  });
});

test("a disabled identity is bound again when it is enabled", async () => {
  const { cluster, bound } = await withReads();
  await cluster.identity("shop/orders", { disabled: true });
  expect(await said(cluster, "Ready")).toBe("False PrincipalDisabled");
  await cluster.identity("shop/orders", { disabled: false });
  expect(await bindings(cluster)).toEqual([bound]);
  expect(await said(cluster, "Ready")).toBe("True Ready");
});

test("when all is in order nothing is written, also after a restart", async () => {
  const { cluster } = await withReads();
  await clusterAssignment(cluster, "all", "/");
  const { writes } = await cluster.startOperator();
  await cluster.advance(3_600_000);
  expect(writes).toEqual([]);
});
