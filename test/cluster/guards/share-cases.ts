import { apply, create, type GuardCase, type LanyardObject, may, mayNot, PAYMENTS, patch, SHOP } from "./guard-case.ts";
import { shared, targets } from "./world.ts";

const usedBy = (...subjects: readonly object[]): LanyardObject => ({
  kind: "ManagedIdentity",
  metadata: { name: "new", namespace: SHOP },
  spec: { subjects },
});

const atHome = { serviceAccount: "orders" };
const spelledOut = { serviceAccount: "orders", namespace: SHOP };
const abroad = { serviceAccount: "reports", namespace: PAYMENTS };
const alsoAbroad = { serviceAccount: "mallory", namespace: PAYMENTS };
const thousand = Array.from({ length: 1000 }, (_, index) => ({
  serviceAccount: `reports-${index}`,
  namespace: PAYMENTS,
}));

const subjects = (...list: readonly object[]): object => ({ spec: { subjects: list } });
const refusal = ({ serviceAccount, namespace }: typeof abroad): string =>
  `subject ${namespace}/${serviceAccount} needs the verb "share"`;

const admin = "the admin of the shop";
const sharer = "an editor of the shop who may share orders";
const editor = "an editor of the shop";

export const shareCases: readonly GuardCase[] = [
  may(editor, "makes an identity for its own pods", create(usedBy(atHome, spelledOut))),
  may(editor, "makes an identity for nobody yet", create({ ...usedBy(), spec: {} })),
  mayNot(editor, "makes one for pods of payments", create(usedBy(atHome, abroad)), refusal(abroad)),
  may(admin, "makes one for pods of payments", create(usedBy(abroad))),
  may(admin, "makes one for a thousand ServiceAccounts of payments", create(usedBy(...thousand))),
  mayNot(
    editor,
    "makes one for a thousand ServiceAccounts of payments",
    create(usedBy(...thousand)),
    refusal(abroad).replace("reports", "reports-0"),
  ),
  mayNot(
    "one who writes Lanyard's objects everywhere",
    "makes one for pods of payments",
    create(usedBy(abroad)),
    refusal(abroad),
  ),
  mayNot(
    "the admin of payments",
    "helps itself to an identity of the shop",
    patch(targets.orders, subjects(abroad)),
    "cannot get resource",
  ),
  may(admin, "lets pods of payments use an identity", patch(targets.orders, subjects(atHome, abroad))),
  mayNot(
    editor,
    "lets pods of payments use an identity",
    patch(targets.orders, subjects(atHome, abroad)),
    refusal(abroad),
  ),
  may(sharer, "lets pods of payments use orders", patch(targets.orders, subjects(atHome, abroad))),
  mayNot(sharer, "lets others there use another", patch(targets.shared, subjects(alsoAbroad)), refusal(alsoAbroad)),
  may(editor, "disables an identity that is shared", patch(targets.shared, { spec: { disabled: true } })),
  may(editor, "lets its own pods use it too", patch(targets.shared, subjects(abroad, atHome))),
  mayNot(
    editor,
    "lets others there use it too",
    patch(targets.shared, subjects(abroad, alsoAbroad)),
    refusal(alsoAbroad),
  ),
  mayNot(editor, "gives it to others there", patch(targets.shared, subjects(alsoAbroad)), refusal(alsoAbroad)),
  may(editor, "shares it no more", patch(targets.shared, subjects())),
  may(editor, "applies it as it is", apply(shared)),
  mayNot("a viewer of the shop", "makes an identity", create(usedBy()), 'cannot create resource "managedidentities"'),
];
