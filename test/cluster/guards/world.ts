import { API_VERSION, annotations } from "../../../identity/names.ts";
import { type LanyardObject, PAYMENTS, SHOP, type Target } from "./guard-case.ts";

/** What is there before anybody tries anything: written by a cluster administrator. */

const FOREIGN = "https://vault.guards.example";

export const shopsOrders: LanyardObject = {
  kind: "ManagedIdentity",
  metadata: { name: "orders", namespace: SHOP },
  spec: { subjects: [{ serviceAccount: "orders" }] },
};

/** Also for pods of payments. */
export const shared: LanyardObject = {
  kind: "ManagedIdentity",
  metadata: { name: "shared", namespace: SHOP },
  spec: { subjects: [{ serviceAccount: "reports", namespace: PAYMENTS }] },
};

/** A role that the shop's admin may not give, given until a certain time. */
export const ownsShop: LanyardObject = {
  kind: "RoleAssignment",
  metadata: { name: "owns-shop", namespace: SHOP, finalizers: ["guards.example/held"] },
  spec: { principal: { managedIdentity: "orders" }, roleDefinition: "owner", expiresAt: "2100-01-01T00:00:00Z" },
};

export const readsShop: LanyardObject = {
  kind: "RoleAssignment",
  metadata: { name: "reads-shop", namespace: SHOP },
  spec: { principal: { managedIdentity: "orders" }, roleDefinition: "reader", expiresAt: "2100-01-01T00:00:00Z" },
};

export const readsEverywhere: LanyardObject = {
  kind: "ClusterRoleAssignment",
  metadata: { name: "guards-reads-everywhere" },
  spec: { principal: { managedIdentity: "orders", namespace: SHOP }, roleDefinition: "guards-custom", scope: "/" },
};

const custom: LanyardObject = {
  kind: "RoleDefinition",
  metadata: { name: "guards-custom" },
  spec: { actions: ["stock/read"] },
};

const kubernetes: LanyardObject = {
  kind: "RoleDefinition",
  metadata: { name: "guards-kubernetes" },
  spec: { actions: ["stock/read"], kubernetesRole: "view" },
};

/** Has an audience that only an administrator could give it, beside one of its own. */
export const shopsVault: LanyardObject = {
  kind: "ProtectedResource",
  metadata: { name: "vault", namespace: SHOP },
  spec: { audiences: [`https://vault.${SHOP}.svc`, FOREIGN] },
};

/** A vault that keeps secrets, and one whose deletion was confirmed. */
export const keeps: LanyardObject = {
  kind: "ProtectedResource",
  metadata: { name: "keeps", namespace: SHOP },
  spec: { audiences: [`https://keeps.${SHOP}.svc`], vault: { softDeleteRetention: "7d" } },
};
const kept: LanyardObject = {
  kind: "ProtectedResource",
  metadata: { name: "kept", namespace: SHOP, annotations: { [annotations.allowDeletion]: "true" } },
  spec: { audiences: [`https://kept.${SHOP}.svc`], vault: {} },
};

const revocation: LanyardObject = {
  kind: "TokenRevocation",
  metadata: { name: "stolen", namespace: SHOP },
  spec: { managedIdentity: "orders" },
};

/** Runs nothing; for its system-assigned identity. */
const web = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: SHOP, annotations: { [annotations.systemAssigned]: "true" } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web" }] } },
  },
};

const own = [
  ...[
    shopsOrders,
    shared,
    ownsShop,
    readsShop,
    readsEverywhere,
    custom,
    kubernetes,
    shopsVault,
    keeps,
    kept,
    revocation,
  ],
].map((object) => ({ apiVersion: API_VERSION, ...object }));

/** Where the chart's default has the secrets of vaults. */
const vaultNamespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "lanyard-vault" } };

export const world: readonly object[] = [...own, web, vaultNamespace];

/** No object of Lanyard's own. */
export const vaultNamespaceTarget: Target = { plural: "namespaces", name: "lanyard-vault" };

const inShop = (plural: string, name: string): Target => ({ plural, name, namespace: SHOP });
export const targets = {
  orders: inShop("managedidentities", "orders"),
  shared: inShop("managedidentities", "shared"),
  ownsShop: inShop("roleassignments", "owns-shop"),
  readsShop: inShop("roleassignments", "reads-shop"),
  readsEverywhere: { plural: "clusterroleassignments", name: "guards-reads-everywhere" },
  custom: { plural: "roledefinitions", name: "guards-custom" },
  kubernetes: { plural: "roledefinitions", name: "guards-kubernetes" },
  vault: inShop("protectedresources", "vault"),
  keeps: inShop("protectedresources", "keeps"),
  kept: inShop("protectedresources", "kept"),
  revocation: inShop("tokenrevocations", "stolen"),
} as const satisfies Readonly<Record<string, Target>>;
