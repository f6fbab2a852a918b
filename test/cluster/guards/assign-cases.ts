import {
  apply,
  cannot,
  create,
  type GuardCase,
  type LanyardObject,
  may,
  mayNot,
  PAYMENTS,
  patch,
  remove,
  SHOP,
} from "./guard-case.ts";
import { ownsShop, readsShop, targets } from "./world.ts";

/** A new assignment in a namespace. */
const gives = (roleDefinition: string, namespace = SHOP, more: object = {}): LanyardObject => ({
  kind: "RoleAssignment",
  metadata: { name: "new", namespace },
  spec: { principal: { managedIdentity: "orders", namespace: SHOP }, roleDefinition, ...more },
});

const givesAt = (scope: string, roleDefinition: string): LanyardObject => ({
  kind: "ClusterRoleAssignment",
  metadata: { name: "guards-new" },
  spec: { principal: { managedIdentity: "orders", namespace: SHOP }, roleDefinition, scope },
});

const inShop = (role: string): string => `may not assign role "${role}" in namespace ${SHOP}`;
const everywhere = (role: string): string => `may not assign role "${role}" cluster-wide`;

const creating: readonly GuardCase[] = [
  may("the admin of the shop", "gives reader there", create(gives("reader"))),
  may(
    "the admin of the shop",
    "gives secrets-reader on one resource",
    create(gives("secrets-reader", SHOP, { resource: "vault" })),
  ),
  may("the admin of the shop", "gives secrets-officer there", create(gives("secrets-officer"))),
  may(
    "the admin of the shop",
    "gives reader to an identity of payments: the target's owner decides",
    create(gives("reader", SHOP, { principal: { managedIdentity: "reports", namespace: PAYMENTS } })),
  ),
  ...[
    "owner",
    "contributor",
    "kubernetes-view",
    "kubernetes-edit",
    "guards-custom",
    "guards-kubernetes",
    "no-such-role",
  ].map((role) => mayNot("the admin of the shop", `gives ${role} there`, create(gives(role)), inShop(role))),
  mayNot(
    "the admin of the shop",
    "gives owner under a name that the server makes",
    create({ ...gives("owner"), metadata: { generateName: "new-", namespace: SHOP } }),
    inShop("owner"),
  ),
  mayNot(
    "the admin of the shop",
    "gives reader in payments",
    create(gives("reader", PAYMENTS)),
    cannot("create", "roleassignments"),
  ),
  mayNot(
    "the admin of the shop",
    "gives reader in the whole cluster",
    create(givesAt("/", "reader")),
    cannot("create", "clusterroleassignments"),
  ),
  mayNot("an editor of the shop", "gives reader there", create(gives("reader")), cannot("create", "roleassignments")),
  mayNot("a viewer of the shop", "gives reader there", create(gives("reader")), cannot("create", "roleassignments")),
  may("one with every verb on everything in the shop", "gives owner there", create(gives("owner"))),
  mayNot(
    "one with every verb on everything in the shop",
    "gives owner in payments",
    create(gives("owner", PAYMENTS)),
    cannot("create", "roleassignments"),
  ),
  mayNot("one who writes Lanyard's objects everywhere", "gives reader", create(gives("reader")), inShop("reader")),
  mayNot(
    "one who writes Lanyard's objects everywhere",
    "gives owner on everything",
    create(givesAt("/", "owner")),
    everywhere("owner"),
  ),
  may("a writer who may assign reader", "gives reader in the shop", create(gives("reader"))),
  may("a writer who may assign reader", "gives reader in payments", create(gives("reader", PAYMENTS))),
  may("a writer who may assign reader", "gives reader on everything", create(givesAt("/", "reader"))),
  mayNot("a writer who may assign reader", "gives owner in the shop", create(gives("owner")), inShop("owner")),
  mayNot(
    "a writer who may assign reader",
    "gives owner on everything",
    create(givesAt("/", "owner")),
    everywhere("owner"),
  ),
  mayNot(
    "a writer who is admin of the shop",
    "gives reader in the shop from outside of it",
    create(givesAt(`/namespaces/${SHOP}`, "reader")),
    everywhere("reader"),
  ),
  may("a cluster administrator", "gives owner on everything", create(givesAt("/", "owner"))),
  may("the shop's pipeline", "applies a new assignment of reader", apply(gives("reader"))),
  mayNot("the shop's pipeline", "applies a new assignment of owner", apply(gives("owner")), inShop("owner")),
];

const soon = { expiresAt: "2099-01-01T00:00:00Z" };
const later = { expiresAt: "2101-01-01T00:00:00Z" };

const changing: readonly GuardCase[] = [
  ...[
    { does: "prolongs", spec: later },
    { does: "takes the end off", spec: { expiresAt: null } },
    { does: "shortens", spec: soon },
    { does: "puts the beginning into the past of", spec: { notBefore: "2020-01-01T00:00:00Z" } },
    { does: "writes another condition into", spec: { condition: "true" } },
  ].map(({ does, spec }) =>
    mayNot(
      "the admin of the shop",
      `${does} an assignment of owner`,
      patch(targets.ownsShop, { spec }),
      inShop("owner"),
    ),
  ),
  may("the admin of the shop", "prolongs an assignment of reader", patch(targets.readsShop, { spec: later })),
  mayNot(
    "the admin of the shop",
    "turns an assignment of reader into one of owner",
    patch(targets.readsShop, { spec: { roleDefinition: "owner" } }),
    "roleDefinition",
  ),
  mayNot(
    "the admin of the shop",
    "gives what reader has to another principal",
    patch(targets.readsShop, { spec: { principal: { managedIdentity: "other" } } }),
    "principal",
  ),
  mayNot(
    "an editor of the shop",
    "prolongs an assignment of reader",
    patch(targets.readsShop, { spec: later }),
    cannot("patch", "roleassignments"),
  ),
  mayNot(
    "one who writes Lanyard's objects everywhere",
    "puts an end to an assignment in the whole cluster",
    patch(targets.readsEverywhere, { spec: later }),
    everywhere("guards-custom"),
  ),
  may(
    "the admin of the shop",
    "labels an assignment of owner",
    patch(targets.ownsShop, { metadata: { labels: { team: "a" } } }),
  ),
  may(
    "the admin of the shop",
    "takes the finalizer off it",
    patch(targets.ownsShop, { metadata: { finalizers: null } }),
  ),
  may("the shop's pipeline", "applies an assignment of owner as it is", apply(ownsShop)),
  mayNot(
    "the shop's pipeline",
    "applies an assignment of owner with a later end",
    apply({ ...ownsShop, spec: { ...ownsShop.spec, ...later } }),
    inShop("owner"),
  ),
  may(
    "the shop's pipeline",
    "applies an assignment of reader with a later end",
    apply({ ...readsShop, spec: { ...readsShop.spec, ...later } }),
  ),
  may("the admin of the shop", "takes owner away", remove(targets.ownsShop)),
  mayNot("an editor of the shop", "takes owner away", remove(targets.ownsShop), cannot("delete", "roleassignments")),
];

export const assignCases: readonly GuardCase[] = [...creating, ...changing];
