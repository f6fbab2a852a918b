import { describe, expect, test } from "vitest";
import {
  clusterRoleAssignments,
  managedIdentities,
  namespaces,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
} from "../../kube/kinds.ts";
import { roleBindings } from "../../kube/rbac-kinds.ts";
import { conditionOf } from "./builders.ts";
import { Cluster, kindsWithRbac } from "./cluster.ts";

const principal = { managedIdentity: "orders", namespace: "shop" };
const onPayments = { spec: { principal, roleDefinition: "reader", scope: "/namespaces/payments" } };

async function recreate(cluster: Cluster, namespace: string): Promise<string> {
  await cluster.delete(namespaces, namespace);
  return (await cluster.apply(namespaces, namespace)).metadata.uid;
}

async function clusterWithRole(kinds = kindsWithRbac): Promise<{ cluster: Cluster; uid: string }> {
  const cluster = await Cluster.withOperator(kinds);
  const { metadata } = await cluster.apply(namespaces, "payments");
  await cluster.identity("shop/orders");
  await cluster.role("reader");
  await cluster.apply(clusterRoleAssignments, "reads-payments", onPayments);
  return { cluster, uid: metadata.uid };
}

const statusOf = async (cluster: Cluster) => (await cluster.get(clusterRoleAssignments, "reads-payments")).status;

describe("a ClusterRoleAssignment for a namespace", () => {
  test("is pinned to the namespace's UID, and to none for the whole cluster", async () => {
    const { cluster, uid } = await clusterWithRole();
    expect((await statusOf(cluster))?.namespaceUid).toBe(uid);
    await cluster.apply(clusterRoleAssignments, "everywhere", { spec: { ...onPayments.spec, scope: "/" } });
    expect((await cluster.get(clusterRoleAssignments, "everywhere")).status?.namespaceUid).toBeUndefined();
  });

  test("has no effect in a namespace that was recreated, also after a restart, and says what to do", async () => {
    const { cluster, uid } = await clusterWithRole();
    await recreate(cluster, "payments");
    await cluster.startOperator();
    const status = await statusOf(cluster);
    expect(status?.namespaceUid).toBe(uid);
    expect(conditionOf(status, "Ready")).toMatchObject({ status: "False", reason: "NamespaceReplaced" });
    expect(conditionOf(status, "Ready")?.message).toContain("Delete this role assignment, and create it again");
  });

  test("deleted and created again, it holds there", async () => {
    const { cluster } = await clusterWithRole();
    const uid = await recreate(cluster, "payments");
    await cluster.delete(clusterRoleAssignments, "reads-payments");
    await cluster.apply(clusterRoleAssignments, "reads-payments", onPayments);
    const status = await statusOf(cluster);
    expect(status?.namespaceUid).toBe(uid);
    expect(conditionOf(status, "Ready")).toMatchObject({ status: "True" });
  });

  test("written before its namespace, it is pinned to the first one of that name", async () => {
    const { cluster } = await clusterWithRole();
    const spec = { ...onPayments.spec, scope: "/namespaces/later" };
    await cluster.apply(clusterRoleAssignments, "reads-later", { spec });
    const { metadata } = await cluster.apply(namespaces, "later");
    expect((await cluster.get(clusterRoleAssignments, "reads-later")).status?.namespaceUid).toBe(metadata.uid);
  });

  test("makes no RoleBinding in a namespace that was recreated", async () => {
    const { cluster } = await clusterWithRole();

    await cluster.apply(roleDefinitions, "viewer", { spec: { kubernetesRole: "view" } });

    const spec = { ...onPayments.spec, roleDefinition: "viewer" };
    await cluster.apply(clusterRoleAssignments, "views-payments", { spec });
    await cluster.advance(1000);
    expect((await cluster.all(roleBindings)).map(({ metadata }) => metadata.namespace)).toEqual(["payments"]);
    for (const { metadata } of await cluster.all(roleBindings)) {
      await cluster.delete(roleBindings, `${metadata.namespace}/${metadata.name}`);
    }
    await recreate(cluster, "payments");
    await cluster.advance(1000);
    for (const { metadata } of await cluster.all(roleBindings)) expect(metadata.namespace).not.toBe("payments");
  });
});

test("a RoleAssignment is not pinned: it is deleted with its namespace", async () => {
  const { cluster } = await clusterWithRole();
  await cluster.assignment("payments/reads");
  expect((await cluster.get(roleAssignments, "payments/reads")).status?.namespaceUid).toBeUndefined();
});

describe("a subject in another namespace", () => {
  const consenting = {
    type: "UserAssigned",
    disabled: false,
    subjects: [{ serviceAccount: "orders" }, { serviceAccount: "reports", namespace: "analytics" }],
  };
  const identityStatus = async (cluster: Cluster) => (await cluster.get(managedIdentities, "shop/orders")).status;

  test("is pinned with its namespace, which is reported when it was recreated; removed and added, it is pinned again", async () => {
    const cluster = await Cluster.withOperator();
    const { metadata } = await cluster.apply(namespaces, "analytics");
    await cluster.apply(serviceAccounts, "analytics/reports");
    await cluster.apply(serviceAccounts, "shop/orders");
    await cluster.identity("shop/orders", consenting);
    expect((await identityStatus(cluster))?.subjectNamespaces).toEqual([{ name: "analytics", uid: metadata.uid }]);

    const uid = await recreate(cluster, "analytics");
    const status = await identityStatus(cluster);
    expect(status?.subjectNamespaces).toEqual([{ name: "analytics", uid: metadata.uid }]);
    expect(conditionOf(status, "SubjectsFound")).toMatchObject({ status: "False", reason: "NamespaceReplaced" });
    expect(conditionOf(status, "Ready")).toMatchObject({ status: "True" });

    await cluster.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
    expect((await identityStatus(cluster))?.subjectNamespaces).toBeUndefined();
    await cluster.identity("shop/orders", consenting);
    expect((await identityStatus(cluster))?.subjectNamespaces).toEqual([{ name: "analytics", uid }]);
  });
});
