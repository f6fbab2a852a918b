import { API_VERSION } from "../../../identity/names.ts";

const NAMESPACE = "shop";

/** An object of one of Lanyard's kinds; in namespace shop, when the kind has namespaces. */
export function lanyard(kind: string, name: string, spec: object): object {
  const isOfCluster = kind.startsWith("Cluster") || kind === "RoleDefinition";
  return { apiVersion: API_VERSION, kind, metadata: { name, ...(isOfCluster ? {} : { namespace: NAMESPACE }) }, spec };
}

const principal = { managedIdentity: "orders", namespace: NAMESPACE };

/** Role `reader` for identity shop/orders on namespace shop, unless the spec says otherwise. */
export const assignment = (name: string, spec: object = {}): object =>
  lanyard("RoleAssignment", name, { principal, roleDefinition: "reader", ...spec });

export const clusterAssignment = (name: string, spec: object): object =>
  lanyard("ClusterRoleAssignment", name, { principal, roleDefinition: "reader", ...spec });

export const role = (name: string, actions: readonly string[]): object => lanyard("RoleDefinition", name, { actions });

/** Two ReplicaSets of which each says that the other controls it. */
export function circle(): object[] {
  const [first, second] = ["circle-1", "circle-2"] as const;
  return [replicaSet(first, second), replicaSet(second, first)];
}

function replicaSet(name: string, owner: string): object {
  const reference = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: owner,
    uid: `uid-of-${owner}`,
    controller: true,
  };
  const labels = { app: name, "lanyard.dev/inject": "true" };
  return {
    ...{ apiVersion: "apps/v1", kind: "ReplicaSet" },
    metadata: { name, namespace: NAMESPACE, ownerReferences: [reference] },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "app" }] } },
    },
  };
}
