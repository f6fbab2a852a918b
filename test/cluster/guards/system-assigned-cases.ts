import {
  create,
  type GuardCase,
  IDENTITY_OF_WEB,
  type LanyardObject,
  may,
  mayNot,
  patch,
  remove,
  SHOP,
} from "./guard-case.ts";
import { targets } from "./world.ts";

const workload = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "web",
  uid: "11111111-2222-3333-4444-555555555555",
};
const forged: LanyardObject = {
  kind: "ManagedIdentity",
  metadata: { name: "deployment-web-0123456789", namespace: SHOP },
  spec: { type: "SystemAssigned", workload },
};
const identity = { plural: "managedidentities", name: IDENTITY_OF_WEB, namespace: SHOP };
const owners = (ownerReferences: readonly object[]): object => ({ metadata: { ownerReferences } });
const keeping = { metadata: { finalizers: ["guards.example/keep"] } };

const onlyOperator = "Only Lanyard's operator makes SystemAssigned identities";
const endsWithWorkload = "A SystemAssigned identity ends with its workload";
const operatorsOwn = "creates and deletes the identities of workloads, and no other";
const disabledAlone = "changes spec.disabled alone";
const editor = "an editor of the shop";
const administrator = "a cluster administrator";

export const systemAssignedCases: readonly GuardCase[] = [
  mayNot(editor, "forges the identity of a workload", create(forged), onlyOperator),
  mayNot("the admin of the shop", "forges the identity of a workload", create(forged), onlyOperator),
  mayNot("one who writes Lanyard's objects everywhere", "forges one", create(forged), onlyOperator),
  mayNot(administrator, "forges one", create(forged), onlyOperator),
  mayNot(
    "the admin of the shop",
    "forges one as the operator's other name",
    create({ ...forged, metadata: { ...forged.metadata, labels: { "app.kubernetes.io/managed-by": "lanyard" } } }),
    onlyOperator,
  ),
  may("the operator", "makes it", create({ ...forged, metadata: { ...forged.metadata, ownerReferences: [workload] } })),
  mayNot(
    "the operator",
    "makes an identity for subjects of its choice",
    create({
      kind: "ManagedIdentity",
      metadata: { name: "mine", namespace: SHOP },
      spec: { subjects: [{ serviceAccount: "default" }] },
    }),
    operatorsOwn,
  ),
  mayNot(
    "the operator",
    "adds a subject to the identity of a team",
    patch(targets.orders, { spec: { subjects: [{ serviceAccount: "default" }] } }),
    operatorsOwn,
  ),
  mayNot(
    "the operator",
    "changes tokens of a workload",
    patch(identity, { spec: { token: { lifetime: "24h" } } }),
    disabledAlone,
  ),
  may("the operator", "disables it", patch(identity, { spec: { disabled: true } })),
  mayNot(
    editor,
    "turns a user-assigned identity into one",
    patch(targets.orders, { spec: { type: "SystemAssigned", workload, subjects: null } }),
    "type",
  ),
  mayNot(editor, "gives it to another workload", patch(identity, { spec: { workload } }), "workload"),
  may(editor, "disables it", patch(identity, { spec: { disabled: true } })),
  may(editor, "says what its tokens are like", patch(identity, { spec: { token: { lifetime: "10m" } } })),
  may(editor, "labels it", patch(identity, { metadata: { labels: { team: "a" } } })),
  mayNot(editor, "keeps it from its end with an owner", patch(identity, owners([workload])), endsWithWorkload),
  mayNot(editor, "keeps it from its end with a finalizer", patch(identity, keeping), endsWithWorkload),
  mayNot(administrator, "keeps it from its end with a finalizer", patch(identity, keeping), endsWithWorkload),
  may(
    "the garbage collector",
    "takes its owner off, as when the workload is deleted without it",
    patch(identity, owners([])),
  ),
  may(editor, "deletes it, so that the operator makes another principal", remove(identity)),
  may("the garbage collector", "deletes it", remove(identity)),
  may("the operator", "deletes it", remove(identity)),
];
