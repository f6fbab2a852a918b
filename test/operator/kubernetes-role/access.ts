import type { KubeObject } from "../../../kube/kind.ts";
import { clusterRoleAssignments, namespaces, roleAssignments, roleDefinitions } from "../../../kube/kinds.ts";
import { clusterRoleBindings, roleBindings } from "../../../kube/rbac-kinds.ts";
import type { Binding } from "../../../operator/kubernetes-role/binding.ts";
import { conditionOf } from "../builders.ts";
import { Cluster, kindsWithRbac } from "../cluster.ts";

export const toOrders = { principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "viewer" };
/** The binding of assignment payments/reads. */
export const bindingOfReads = "payments/lanyard.role-assignment.reads";

/** A cluster with RBAC, identity shop/orders, role `viewer` for ClusterRole `view`, and namespace payments. */
export async function withViewer(): Promise<Cluster> {
  const cluster = await Cluster.withOperator(kindsWithRbac);
  await cluster.apply(namespaces, "payments");
  await cluster.identity("shop/orders");
  await kubernetesRole(cluster, "viewer", "view");
  return cluster;
}

export function kubernetesRole(cluster: Cluster, name: string, clusterRole: string | undefined, more: object = {}) {
  return cluster.apply(roleDefinitions, name, { spec: { kubernetesRole: clusterRole, ...more } });
}

export function clusterAssignment(cluster: Cluster, name: string, scope: string) {
  return cluster.apply(clusterRoleAssignments, name, { spec: { ...toOrders, scope } });
}

/** Each binding as `KIND NAMESPACE/NAME: ROLE → USERS`. */
export async function bindings(cluster: Cluster): Promise<string[]> {
  const all: Binding[] = [...(await cluster.all(roleBindings)), ...(await cluster.all(clusterRoleBindings))];
  return all.map(bindingText).sort();
}

export function bindingText({ kind, metadata, roleRef, subjects = [] }: Binding): string {
  const where = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
  return `${kind} ${where}${metadata.name}: ${roleRef.name} → ${subjects.map(({ name }) => name).join(", ")}`;
}

/** The status and reason of a condition of assignment payments/reads. */
export async function said(cluster: Cluster, type: string): Promise<string | undefined> {
  const { status } = await cluster.get(roleAssignments, "payments/reads");
  const condition = conditionOf(status, type);
  return condition === undefined ? undefined : `${condition.status} ${condition.reason}`;
}

export async function reasonsOn(cluster: Cluster, name: string): Promise<(string | undefined)[]> {
  return (await cluster.eventsOn(name)).map(({ reason }) => reason);
}

export const userOf = ({ metadata }: KubeObject): string => `lanyard:${metadata.uid}`;
