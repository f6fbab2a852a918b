import {
  ALLOWED,
  type Attack,
  attacksOf,
  cannot,
  create,
  GHOST,
  group,
  patch,
  remove,
  SHOP,
  SYSTEM,
  VAULTS,
} from "./attack.ts";

const RBAC = "rbac.authorization.k8s.io/v1";
const own = { kind: "ServiceAccount", namespace: SYSTEM, name: "lanyard-operator" };
const principal = {
  kind: "User",
  apiGroup: "rbac.authorization.k8s.io",
  name: "lanyard:11111111-2222-3333-4444-555555555555",
};
const assignment = { apiVersion: "lanyard.dev/v1alpha1", kind: "ClusterRoleAssignment", name: "views", uid: GHOST.uid };
const NAME = "lanyard.cluster-role-assignment.views";
const binding = (metadata: object, subject: object = principal, clusterRole = "view"): object => ({
  ...{ apiVersion: RBAC, kind: "ClusterRoleBinding", metadata },
  subjects: [subject],
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole },
});
const named = { name: NAME, ownerReferences: [assignment] };
const clusterBindings = group(RBAC, "clusterrolebindings");
const bindingsIn = (namespace: string): string => group(RBAC, `namespaces/${namespace}/rolebindings`);
const roleBinding = (namespace: string): object => ({ ...binding({ ...named, namespace }), kind: "RoleBinding" });
const bindings = attacksOf("operator", {
  "binds itself everywhere": [
    create(clusterBindings, binding(named, own)),
    "binds no other users than Lanyard's principals",
  ],
  "binds a person": [create(clusterBindings, binding(named, { ...principal, name: "jo" })), "binds no other users"],
  "binds every user": [
    create(clusterBindings, binding(named, { ...principal, kind: "Group", name: "system:authenticated" })),
    "binds no other users",
  ],
  "binds cluster-admin": [
    create(clusterBindings, binding(named, principal, "cluster-admin")),
    "attempting to grant RBAC permissions not currently held",
  ],
  "binds a role of its own rights": [
    create(clusterBindings, binding(named, principal, "lanyard-operator")),
    "binds no other roles",
  ],
  "binds under another name": [
    create(clusterBindings, binding({ ...named, name: "mine" })),
    "no other bindings than those of role assignments",
  ],
  "binds for no assignment": [create(clusterBindings, binding({ name: NAME })), "is owned by its role assignment"],
  "binds for another object": [
    create(clusterBindings, binding({ name: NAME, ownerReferences: [GHOST] })),
    "is owned by its role assignment",
  ],
  "binds where the signing keys are": [
    create(bindingsIn(SYSTEM), roleBinding(SYSTEM)),
    "namespaces that hold its keys",
  ],
  "binds where the secrets of vaults are": [
    create(bindingsIn("lanyard-vault"), roleBinding("lanyard-vault")),
    "namespaces that hold its keys",
  ],
  "adds itself to another's binding": [
    patch(group(RBAC, "clusterrolebindings", "compromised-view"), { subjects: [own] }),
    "no other bindings than those of role assignments",
  ],
  "deletes another's binding": [
    remove(group(RBAC, "clusterrolebindings", "cluster-admin")),
    "no other bindings than those of role assignments",
  ],
  "binds a principal for an assignment": [create(clusterBindings, binding(named)), ALLOWED],
  "changes its own ClusterRole": [
    patch(group(RBAC, "clusterroles", "lanyard-operator"), { rules: [] }),
    cannot("patch", "clusterroles"),
  ],
  "makes a ClusterRole": [
    create(group(RBAC, "clusterroles"), { metadata: { name: "a" } }),
    cannot("create", "clusterroles"),
  ],
  "changes its own Role": [
    patch(group(RBAC, `namespaces/${SYSTEM}/roles`, "lanyard-operator"), { rules: [] }),
    cannot("patch", "roles"),
  ],
});

const LANYARD = "lanyard.dev/v1alpha1";
const ofShop = (plural: string, name = ""): string => group(LANYARD, `namespaces/${SHOP}/${plural}`, name);
const identity = (spec: object, metadata: object = {}): object => ({
  ...{ apiVersion: LANYARD, kind: "ManagedIdentity" },
  ...{ metadata: { name: "made", ...metadata }, spec },
});
const workload = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: GHOST.uid };
const role = (name: string, actions: readonly string[]): object => ({
  ...{ apiVersion: LANYARD, kind: "RoleDefinition" },
  ...{ metadata: { name }, spec: { actions } },
});
const builtIn = "writes the built-in roles of this version, and no other";
const ofWorkloads = "creates and deletes the identities of workloads, and no other";
const compromisedReads = group(LANYARD, "clusterroleassignments", "compromised-reads/status");
const fixed = "namespace that an object is pinned to never changes";
const ghostly = { name: VAULTS, uid: GHOST.uid };
const pinSubjects = (subjectNamespaces: readonly object[] | null) =>
  patch(ofShop("managedidentities", "orders/status"), { status: { subjectNamespaces } });
const ownKinds = attacksOf("operator", {
  "makes a role": [create(group(LANYARD, "roledefinitions"), role("mine", ["**"])), builtIn],
  "widens a built-in role": [
    patch(group(LANYARD, "roledefinitions", "reader"), { spec: { actions: ["**"] } }),
    builtIn,
  ],
  "drops what a built-in role does not give": [
    patch(group(LANYARD, "roledefinitions", "reader"), { spec: { notActions: null } }),
    builtIn,
  ],
  "gives a built-in role a ClusterRole": [
    patch(group(LANYARD, "roledefinitions", "owner"), { spec: { kubernetesRole: "view" } }),
    builtIn,
  ],
  "widens a role of an administrator": [
    patch(group(LANYARD, "roledefinitions", "stock-reader"), { spec: { actions: ["**"] } }),
    builtIn,
  ],
  "makes a shared identity": [
    create(ofShop("managedidentities"), identity({ subjects: [{ serviceAccount: "default" }] })),
    ofWorkloads,
  ],
  "makes an identity that no workload owns": [
    create(ofShop("managedidentities"), identity({ type: "SystemAssigned", workload })),
    "is owned by its workload",
  ],
  "deletes a person's identity": [remove(ofShop("managedidentities", "orders")), ofWorkloads],
  "changes an identity": [patch(ofShop("managedidentities", "orders"), { spec: { subjects: [] } }), ofWorkloads],
  "assigns a role": [
    create(ofShop("roleassignments"), { metadata: { name: "a" } }),
    cannot("create", "roleassignments"),
  ],
  "registers an audience": [
    create(ofShop("protectedresources"), { metadata: { name: "a" } }),
    cannot("create", "protectedresources"),
  ],
  "pins an assignment to another principal": [
    patch(ofShop("roleassignments", "reads/status"), { status: { principalId: GHOST.uid } }),
    "pinned to never changes",
  ],
  "takes a pin off": [
    patch(ofShop("roleassignments", "reads/status"), { status: { principalId: null } }),
    "pinned to never changes",
  ],
  "pins an assignment to another namespace": [patch(compromisedReads, { status: { namespaceUid: GHOST.uid } }), fixed],
  "takes the pin of a namespace off": [patch(compromisedReads, { status: { namespaceUid: null } }), fixed],
  "pins the namespace of an identity's subjects to another": [pinSubjects([ghostly]), "stay pinned"],
  "names a pinned namespace twice": [pinSubjects([ghostly, ghostly]), "stay pinned"],
  "takes the pins of an identity off": [pinSubjects([]), "stay pinned"],
  "drops the pins of an identity": [pinSubjects(null), "stay pinned"],
});

/** What the operator tries with bindings on the Kubernetes API, roles, identities and assignments. */
export const operatorGrants: readonly Attack[] = [...bindings, ...ownKinds];
