import { expect, test } from "vitest";
import { namespaces, roleAssignments } from "../../../kube/kinds.ts";
import { roleBindings } from "../../../kube/rbac-kinds.ts";
import { rbacKinds } from "../../kube/cluster-kinds.ts";
import { conditionOf } from "../builders.ts";
import { Cluster, INSTALLED_IN, kindsOfInstallation } from "../cluster.ts";
import { bindings, clusterAssignment, kubernetesRole, reasonsOn, toOrders } from "./access.ts";

/** An installed Lanyard, with a role for a ClusterRole that reads Secrets, which the operator may bind. */
async function withEditor(): Promise<Cluster> {
  const cluster = await Cluster.withOperator([...kindsOfInstallation, ...rbacKinds]);
  for (const name of ["shop", INSTALLED_IN]) await cluster.apply(namespaces, name);
  await cluster.identity("shop/orders");
  await kubernetesRole(cluster, "viewer", "edit");
  return cluster;
}

const inOurs = async (cluster: Cluster): Promise<string[]> =>
  (await bindings(cluster)).filter((binding) => binding.startsWith(`RoleBinding ${INSTALLED_IN}/`));

test.each<[string, (cluster: Cluster) => Promise<unknown>]>([
  ["a RoleAssignment there", (cluster) => cluster.assignment(`${INSTALLED_IN}/keys`, toOrders)],
  ["a ClusterRoleAssignment of it", (cluster) => clusterAssignment(cluster, "keys", `/namespaces/${INSTALLED_IN}`)],
])("%s binds nobody in the namespace with the signing keys", async (_what, assign) => {
  const cluster = await withEditor();
  await assign(cluster);
  await cluster.converge();
  expect(await inOurs(cluster)).toEqual([]);
});

test("the assignment says why, once", async () => {
  const cluster = await withEditor();
  await cluster.assignment(`${INSTALLED_IN}/keys`, toOrders);
  await cluster.advance(3_600_000);
  const { status } = await cluster.get(roleAssignments, `${INSTALLED_IN}/keys`);
  const ready = conditionOf(status, "Ready");
  expect(`${ready?.status} ${ready?.reason}`).toBe("False InstallationNamespace");
  expect(ready?.message).toContain(`Namespace ${INSTALLED_IN} `);
  expect(await reasonsOn(cluster, `${INSTALLED_IN}/keys`)).toEqual(["InstallationNamespace"]);
});

test("a binding that was made there before goes", async () => {
  const cluster = await withEditor();
  await cluster.assignment("shop/writes", toOrders);
  const { subjects, roleRef, metadata } = await cluster.get(roleBindings, "shop/lanyard.role-assignment.writes");
  await cluster.assignment(`${INSTALLED_IN}/keys`, toOrders);
  const { labels } = metadata;
  await cluster.apply(roleBindings, `${INSTALLED_IN}/lanyard.role-assignment.keys`, { subjects, roleRef }, { labels });
  await cluster.converge();
  expect(await inOurs(cluster)).toEqual([]);
});

test("all other namespaces are bound as before, and the whole cluster", async () => {
  const cluster = await withEditor();
  await cluster.assignment("shop/writes", toOrders);
  await clusterAssignment(cluster, "all", "/");
  expect((await bindings(cluster)).map((binding) => binding.replace(/:.*/, ""))).toEqual([
    "ClusterRoleBinding lanyard.cluster-role-assignment.all",
    "RoleBinding shop/lanyard.role-assignment.writes",
  ]);
});
