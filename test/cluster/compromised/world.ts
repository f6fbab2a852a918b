import { API_VERSION } from "../../../identity/names.ts";
import { SHOP, SYSTEM, VAULTS } from "./attack.ts";

const RBAC = "rbac.authorization.k8s.io";
const containers = [{ name: "web", image: "web" }];
const secret = (namespace: string, name: string, type: string): object => ({
  ...{ apiVersion: "v1", kind: "Secret", type },
  metadata: { name, namespace },
});

/** What is there before a process is compromised, written by an administrator; the operator adds what it makes. */
export const world: readonly object[] = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: VAULTS } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "app", namespace: SHOP }, data: { a: "a" } },
  { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: SHOP }, spec: { ports: [{ port: 80 }] } },
  {
    ...{ apiVersion: "v1", kind: "Pod" },
    // It asks for injection and was created without: the operator says so in its condition.
    metadata: { name: "web", namespace: SHOP, labels: { "lanyard.dev/inject": "true" } },
    spec: { containers },
  },
  {
    ...{ apiVersion: "apps/v1", kind: "Deployment" },
    metadata: { name: "web", namespace: SHOP, annotations: { "lanyard.dev/system-assigned": "true" } },
    spec: {
      ...{ replicas: 0, selector: { matchLabels: { app: "web" } } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers } },
    },
  },
  secret(VAULTS, "vault-kept", "lanyard.dev/vault-secret"),
  secret(VAULTS, "others", "Opaque"),
  {
    ...{ apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata: { name: "compromised-view" } },
    subjects: [{ kind: "User", apiGroup: RBAC, name: "jo" }],
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "view" },
  },
  {
    ...{ apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
    metadata: { name: "kube-scheduler", namespace: "kube-system" },
  },
  {
    ...{ apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "scheduled", namespace: SHOP } },
    ...{ reportingController: "default-scheduler", reportingInstance: "x", action: "Binding", reason: "Scheduled" },
    ...{ type: "Normal", note: "x", eventTime: "2026-01-01T00:00:00.000000Z" },
    regarding: { kind: "Pod", namespace: SHOP, name: "web" },
  },
  ...[
    {
      kind: "ManagedIdentity",
      metadata: { name: "orders", namespace: SHOP },
      spec: { subjects: [{ serviceAccount: "default" }, { serviceAccount: "default", namespace: VAULTS }] },
    },
    { kind: "RoleDefinition", metadata: { name: "stock-reader" }, spec: { actions: ["stock/read"] } },
    {
      ...{ kind: "RoleAssignment", metadata: { name: "reads", namespace: SHOP } },
      spec: { principal: { managedIdentity: "orders" }, roleDefinition: "stock-reader" },
    },
    {
      ...{ kind: "RoleAssignment", metadata: { name: "views", namespace: SHOP } },
      spec: { principal: { managedIdentity: "orders" }, roleDefinition: "kubernetes-view" },
    },
    {
      ...{ kind: "RoleAssignment", metadata: { name: "keys", namespace: SYSTEM } },
      spec: { principal: { managedIdentity: "orders", namespace: SHOP }, roleDefinition: "kubernetes-view" },
    },
    {
      ...{ kind: "ClusterRoleAssignment", metadata: { name: "compromised-reads" } },
      spec: {
        principal: { managedIdentity: "orders", namespace: SHOP },
        ...{ roleDefinition: "stock-reader", scope: `/namespaces/${SHOP}` },
      },
    },
    { kind: "TokenRevocation", metadata: { name: "stolen", namespace: SHOP }, spec: { managedIdentity: "orders" } },
    {
      ...{ kind: "ProtectedResource", metadata: { name: "secrets", namespace: SHOP } },
      spec: { audiences: [`https://secrets.${SHOP}.svc`], vault: {} },
    },
  ].map((object) => ({ apiVersion: API_VERSION, ...object })),
];
