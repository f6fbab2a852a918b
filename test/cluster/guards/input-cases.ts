import { create, type GuardCase, type LanyardObject, mayNot, SHOP } from "./guard-case.ts";

/** What no right can make good: the schemas refuse it inside the API server too. */
const object = (kind: string, spec: object): LanyardObject => ({
  kind,
  metadata: /^(RoleDefinition|ClusterRoleAssignment)$/.test(kind)
    ? { name: "guards-new" }
    : { name: "new", namespace: SHOP },
  spec,
});

const principal = { managedIdentity: "orders", namespace: SHOP };
const assignment = { principal, roleDefinition: "reader" };
/** A Cyrillic letter that looks like "a". */
const LOOK_ALIKE = "\u0430";

const wrong: readonly (readonly [does: string, kind: string, spec: object, because: string])[] = [
  ...[
    ...["/namespaces/a/../b", "/namespaces/a/", "//", "/namespaces", "/namespaces/A", "/namespaces/a/resources/b"],
    ...[`/namespaces/sh${LOOK_ALIKE}p`, "/namespaces/*", "/namespaces/a%2fb", "namespaces/a", ""],
  ].map((scope) => [`at scope "${scope}"`, "ClusterRoleAssignment", { ...assignment, scope }, "spec.scope"] as const),
  ...[
    "**/read",
    "secrets/re*d",
    "secrets/**/read",
    "/secrets",
    "secrets/",
    "secrets//read",
    `secrets/re${LOOK_ALIKE}d`,
  ].map((action) => [`for action "${action}"`, "RoleDefinition", { actions: [action] }, "spec.actions[0]"] as const),
  [
    "of 10,000 actions",
    "RoleDefinition",
    { actions: Array.from({ length: 10_000 }, (_, n) => `a/${n}`) },
    "must have at most 1000 items",
  ],
  ["of nothing", "RoleDefinition", { description: "x" }, "a role needs at least one action or a kubernetesRole"],
  [
    "with a path for a ClusterRole",
    "RoleDefinition",
    { kubernetesRole: "view/../cluster-admin" },
    "spec.kubernetesRole",
  ],
  [
    `of role re${LOOK_ALIKE}der`,
    "RoleAssignment",
    { ...assignment, roleDefinition: `re${LOOK_ALIKE}der` },
    "spec.roleDefinition",
  ],
  [
    "to a principal in another folder",
    "RoleAssignment",
    { ...assignment, principal: { managedIdentity: "../orders" } },
    "spec.principal.managedIdentity",
  ],
  [
    "to nobody",
    "RoleAssignment",
    { roleDefinition: "reader", principal: {} },
    "exactly one of managedIdentity and workload",
  ],
  [
    "that ends on the 30th of February",
    "RoleAssignment",
    { ...assignment, expiresAt: "2026-02-30T00:00:00Z" },
    "spec.expiresAt",
  ],
  [
    "under a condition of 3,000 characters",
    "RoleAssignment",
    { ...assignment, condition: "x".repeat(3000) },
    "spec.condition",
  ],
  ["on a resource in another folder", "RoleAssignment", { ...assignment, resource: "../vault" }, "spec.resource"],
  [
    `for https://p${LOOK_ALIKE}y.svc`,
    "ProtectedResource",
    { audiences: [`https://p${LOOK_ALIKE}y.svc`] },
    "spec.audiences[0]",
  ],
  ["with an unknown field", "ProtectedResource", { audiences: ["a"], owner: "me" }, "unknown field"],
  ["with a claim of the issuer's", "ManagedIdentity", { token: { claims: { sub: "root" } } }, "reserved claim"],
  [
    "with 1,001 subjects",
    "ManagedIdentity",
    { subjects: Array.from({ length: 1001 }, (_, n) => ({ serviceAccount: `a-${n}` })) },
    "must have at most 1000 items",
  ],
];

export const inputCases: readonly GuardCase[] = wrong.map(([does, kind, spec, because]) =>
  mayNot("a cluster administrator", `writes a ${kind} ${does}`, create(object(kind, spec)), because),
);
