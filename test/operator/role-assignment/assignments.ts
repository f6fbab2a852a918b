import { principalId } from "../../../identity/ids.ts";
import type { AnyRoleAssignment } from "../../../identity/role-assignment.ts";
import { namespaceScope } from "../../../identity/scope.ts";
import { roleAssignments, roleDefinitions } from "../../../kube/kinds.ts";
import { accessIndex } from "../../identity/builders.ts";
import { conditionOf } from "../builders.ts";
import { Cluster } from "../cluster.ts";

/** An assignment to the system-assigned identity of Deployment shop/web. */
export const toWeb = { principal: { workload: { kind: "Deployment", name: "web" }, namespace: "shop" } };

/** A cluster with role `reader` and identity shop/orders. */
export async function withOrders(): Promise<Cluster> {
  const cluster = await Cluster.withOperator();
  await cluster.role("reader");
  await cluster.identity("shop/orders");
  return cluster;
}

/** The Ready condition of a RoleAssignment. */
export async function ready(cluster: Cluster, name = "payments/reads") {
  return conditionOf((await cluster.get(roleAssignments, name)).status, "Ready");
}

export async function pinOf(cluster: Cluster, name = "payments/reads") {
  return (await cluster.get(roleAssignments, name)).status?.principalId;
}

/** The roles that a principal has in namespace payments. */
export async function rolesOf(cluster: Cluster, principal: string) {
  const index = accessIndex(await cluster.all<AnyRoleAssignment>(roleAssignments), await cluster.all(roleDefinitions));
  const grants = index.grantsAt(principalId(principal), namespaceScope("payments"), { now: cluster.clock.now() });
  return grants.map(({ role }) => role.metadata.name);
}
