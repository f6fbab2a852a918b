import { API_GROUP } from "../../../identity/names.ts";
import { PAYMENTS, SHOP } from "./guard-case.ts";

/** Everybody who tries something, and the user that he is to the API server. */
export const users = {
  "a cluster administrator": "guards-administrator",
  "the admin of the shop": "guards-shop-admin",
  "an editor of the shop": "guards-shop-editor",
  "a viewer of the shop": "guards-shop-viewer",
  "an editor of the shop who may share orders": "guards-shop-sharer",
  "the admin of payments": "guards-payments-admin",
  "one with every verb on everything in the shop": "guards-shop-star",
  "the shop's pipeline": `system:serviceaccount:${SHOP}:pipeline`,
  "one who writes Lanyard's objects everywhere": "guards-writer",
  "a writer who may assign reader": "guards-assigner",
  "a writer who may bind view": "guards-binder",
  "a writer who may register": "guards-registrar",
  "a writer who is admin of the shop": "guards-writing-admin",
  "the operator": "system:serviceaccount:lanyard-system:lanyard-operator",
  "the garbage collector": "system:serviceaccount:kube-system:generic-garbage-collector",
} as const;
export type Who = keyof typeof users;

const RBAC = "rbac.authorization.k8s.io";
const apiVersion = `${RBAC}/v1`;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const clusterRole = (name: string, ...rules: readonly Rule[]): object => ({
  ...{ apiVersion, kind: "ClusterRole" },
  metadata: { name: `guards-${name}` },
  rules,
});

/** Binds a ClusterRole: in the namespace, or everywhere. */
function binding(who: Who, role: string, namespace?: string): object {
  const [, , ownNamespace, account] = users[who].split(":");
  const subject =
    account === undefined
      ? { kind: "User", apiGroup: RBAC, name: users[who] }
      : { kind: "ServiceAccount", namespace: ownNamespace, name: account };
  return {
    ...{ apiVersion, kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding" },
    metadata: { name: `guards-${role}-${users[who].replaceAll(":", ".")}`, ...(namespace && { namespace }) },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
    subjects: [subject],
  };
}

const writers: readonly Who[] = [
  "one who writes Lanyard's objects everywhere",
  "a writer who may assign reader",
  "a writer who may bind view",
  "a writer who may register",
  "a writer who is admin of the shop",
];

/** What they have by RBAC; the operator and the garbage collector have theirs already. */
export const rights: readonly object[] = [
  clusterRole("write", {
    ...{ apiGroups: [API_GROUP], resources: ["*"] },
    verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
  }),
  clusterRole("star", { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
  clusterRole("assign-reader", {
    ...{ apiGroups: [API_GROUP], resources: ["roledefinitions"] },
    ...{ resourceNames: ["reader"], verbs: ["assign"] },
  }),
  clusterRole("bind-view", {
    ...{ apiGroups: [RBAC], resources: ["clusterroles"], resourceNames: ["view"], verbs: ["bind"] },
  }),
  clusterRole("share-orders", {
    ...{ apiGroups: [API_GROUP], resources: ["managedidentities"] },
    ...{ resourceNames: ["orders"], verbs: ["share"] },
  }),
  clusterRole("register", { apiGroups: [API_GROUP], resources: ["protectedresources"], verbs: ["register"] }),
  ...writers.map((who) => binding(who, "guards-write")),
  binding("a cluster administrator", "cluster-admin"),
  binding("the admin of the shop", "admin", SHOP),
  binding("an editor of the shop", "edit", SHOP),
  binding("a viewer of the shop", "view", SHOP),
  binding("an editor of the shop who may share orders", "edit", SHOP),
  binding("an editor of the shop who may share orders", "guards-share-orders", SHOP),
  binding("the shop's pipeline", "admin", SHOP),
  binding("the admin of payments", "admin", PAYMENTS),
  binding("one with every verb on everything in the shop", "guards-star", SHOP),
  binding("a writer who may assign reader", "guards-assign-reader"),
  binding("a writer who may bind view", "guards-bind-view"),
  binding("a writer who may register", "guards-register"),
  binding("a writer who is admin of the shop", "admin", SHOP),
];
