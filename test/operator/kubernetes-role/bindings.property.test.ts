import fc from "fast-check";
import { expect, test } from "vitest";
import type { AnyRoleAssignment } from "../../../identity/role-assignment.ts";
import type { Kind } from "../../../kube/kind.ts";
import {
  clusterRoleAssignments,
  managedIdentities,
  namespaces,
  roleAssignments,
  roleDefinitions,
} from "../../../kube/kinds.ts";
import { clusterRoleBindings, RBAC_GROUP, roleBindings } from "../../../kube/rbac-kinds.ts";
import { Cluster, kindsWithRbac } from "../cluster.ts";
import { comingAndGoing, deleteIfThere, type Step, step } from "../steps.ts";
import { bindings, clusterAssignment, kubernetesRole, toOrders } from "./access.ts";

const RUNS = 300;

const mallory = {
  subjects: [{ kind: "User", apiGroup: RBAC_GROUP, name: "mallory" }],
  roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: "cluster-admin" },
};
const FOREIGN = "payments/their-own";

/** Somebody gives a binding of ours to himself, label and all; a roleRef can only be changed by making it anew. */
async function tamper(cluster: Cluster, kind: Kind, name: string): Promise<void> {
  await deleteIfThere(cluster, kind, name);
  await cluster.apply(kind, name, mallory, { labels: { "app.kubernetes.io/managed-by": "lanyard" } });
}

const madeByUs: readonly (readonly [Kind, string])[] = [
  [roleBindings, "payments/lanyard.role-assignment.reads"],
  [roleBindings, "payments/lanyard.cluster-role-assignment.all"],
  [roleBindings, "later/lanyard.cluster-role-assignment.all"],
  [clusterRoleBindings, "lanyard.cluster-role-assignment.all"],
];

const steps: fc.Arbitrary<Step> = fc.oneof(
  comingAndGoing(managedIdentities, "shop/orders", (cluster) => cluster.identity("shop/orders")),
  fc.constant(step("disable shop/orders", (cluster) => cluster.identity("shop/orders", { disabled: true }))),
  ...["view", "edit", undefined].map((clusterRole) =>
    comingAndGoing(roleDefinitions, "viewer", (cluster) =>
      kubernetesRole(cluster, "viewer", clusterRole, { actions: ["secrets/read"] }),
    ),
  ),
  ...[{}, { resource: "vault" }, { expiresAt: "2026-11-21T12:00:10Z" }].map((spec) =>
    comingAndGoing(roleAssignments, "payments/reads", (cluster) =>
      cluster.assignment("payments/reads", { ...toOrders, ...spec }),
    ),
  ),
  ...["/", "/namespaces/payments", "/namespaces/later"].map((scope) =>
    comingAndGoing(clusterRoleAssignments, "all", (cluster) => clusterAssignment(cluster, "all", scope)),
  ),
  comingAndGoing(namespaces, "later", (cluster) => cluster.apply(namespaces, "later")),
  ...madeByUs.map(([kind, name]) => comingAndGoing(kind, name, (cluster) => tamper(cluster, kind, name))),
  fc.constantFrom(
    step("a second passes", (cluster) => cluster.advance(1000)),
    step("the operator is stopped", (cluster) => cluster.stopOperator()),
    step("an operator is started", (cluster) => cluster.startOperator()),
  ),
);

/** Who should be bound where, by the rules as a person would say them, from nothing but the objects. */
async function expected(cluster: Cluster): Promise<string[]> {
  const identities = await cluster.all(managedIdentities);
  const roles = await cluster.all(roleDefinitions);
  const living = (await cluster.all(namespaces)).map(({ metadata }) => metadata.name);
  const all = [...(await cluster.all(roleAssignments)), ...(await cluster.all(clusterRoleAssignments))];
  return all.flatMap((assignment) => {
    const { spec, status } = assignment;
    const clusterRole = roles.find(({ metadata: { name } }) => name === spec.roleDefinition)?.spec.kubernetesRole;
    const principal = identities.find(({ metadata: { uid } }) => uid === status?.principalId);
    const hasEnded = spec.expiresAt !== undefined && Date.parse(spec.expiresAt) <= cluster.clock.now();
    if (clusterRole === undefined || principal === undefined || principal.spec.disabled || hasEnded) return [];
    return placesOf(assignment, living).map((place) => `${place}: ${clusterRole} → lanyard:${principal.metadata.uid}`);
  });
}

function placesOf(assignment: AnyRoleAssignment, living: readonly string[]): string[] {
  const { name } = assignment.metadata;
  if (assignment.kind === "RoleAssignment") {
    const { namespace } = assignment.metadata;
    return assignment.spec.resource === undefined ? [`RoleBinding ${namespace}/lanyard.role-assignment.${name}`] : [];
  }
  const own = `lanyard.cluster-role-assignment.${name}`;
  if (assignment.spec.scope === "/") return [`ClusterRoleBinding ${own}`];
  const among = living.filter((namespace) => assignment.spec.scope === `/namespaces/${namespace}`);
  return among.map((namespace) => `RoleBinding ${namespace}/${own}`);
}

test("after any history the bindings are those that the assignments ask for, and nobody else's is touched", {
  timeout: 120_000,
}, async () => {
  const law = fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 25 }), async (history) => {
    const cluster = await Cluster.withOperator(kindsWithRbac);
    for (const name of ["payments", "shop"]) await cluster.apply(namespaces, name);
    await cluster.apply(roleBindings, FOREIGN, mallory);
    for (const { take } of history) await take(cluster);
    await cluster.converge();
    const theirs = `RoleBinding ${FOREIGN}: cluster-admin → mallory`;
    expect(await bindings(cluster)).toEqual([theirs, ...(await expected(cluster))].sort());
    await cluster.stopOperator();
  });
  await fc.assert(law, { numRuns: RUNS });
});
