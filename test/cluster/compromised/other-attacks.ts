import {
  ALLOWED,
  type Attack,
  attacksOf,
  cannot,
  core,
  create,
  GHOST,
  group,
  type Process,
  patch,
  read,
  remove,
  SHOP,
  SYSTEM,
  VAULTS,
} from "./attack.ts";

const ADMISSION = "admissionregistration.k8s.io/v1";
const RBAC = "rbac.authorization.k8s.io/v1";
const LANYARD = "lanyard.dev/v1alpha1";
const events = (name = ""): string => group("events.k8s.io/v1", `namespaces/${SHOP}/events`, name);
const ofShop = (plural: string, name = ""): string => group(LANYARD, `namespaces/${SHOP}/${plural}`, name);

/** What none of the processes may do, whatever else it may. */
const common = (process: Process): Attack[] =>
  attacksOf(process, {
    "reads the certificate authority's key": [read(core(SYSTEM, "secrets", "lanyard-ca")), cannot("get", "secrets")],
    "lists the Secrets of the installation": [read(core(SYSTEM, "secrets")), cannot("list", "secrets")],
    "lists the Secrets of the cluster": [read("/api/v1/secrets"), cannot("list", "secrets")],
    "makes a token Secret of the operator's account": [
      create(core(SYSTEM, "secrets"), {
        ...{ apiVersion: "v1", kind: "Secret", type: "kubernetes.io/service-account-token" },
        metadata: { name: "loot", annotations: { "kubernetes.io/service-account.name": "lanyard-operator" } },
      }),
      cannot("create", "secrets"),
    ],
    "asks for a token of the operator's account": [
      create(core(SYSTEM, "serviceaccounts", "lanyard-operator/token"), {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: {},
      }),
      cannot("create", "serviceaccounts/token"),
    ],
    "acts as the operator": [
      {
        ...read(core(SYSTEM, "secrets", "lanyard-ca")),
        headers: { "Impersonate-User": `system:serviceaccount:${SYSTEM}:lanyard-operator` },
      },
      cannot("impersonate", "serviceaccounts"),
    ],
    "makes a pod": [create(core(SHOP, "pods"), { metadata: { name: "a" } }), cannot("create", "pods")],
    "runs a command in a pod": [create(core(SHOP, "pods", "web/exec?command=sh"), {}), cannot("create", "pods/exec")],
    "writes a pod's status": [
      patch(core(SHOP, "pods", "web/status"), { status: { phase: "Running" } }),
      cannot("patch", "pods/status"),
    ],
    "makes a ClusterRoleBinding": [
      create(group(RBAC, "clusterrolebindings"), { metadata: { name: "a" } }),
      cannot("create", "clusterrolebindings"),
    ],
    "changes its own ClusterRole": [
      patch(group(RBAC, "clusterroles", `lanyard-${process}`), { rules: [] }),
      cannot("patch", "clusterroles"),
    ],
    "makes a role": [
      create(group(LANYARD, "roledefinitions"), { metadata: { name: "a" } }),
      cannot("create", "roledefinitions"),
    ],
    "assigns a role": [
      create(ofShop("roleassignments"), { metadata: { name: "a" } }),
      cannot("create", "roleassignments"),
    ],
    "pins an assignment to another principal": [
      patch(ofShop("roleassignments", "reads/status"), { status: { principalId: "a" } }),
      cannot("patch", "roleassignments/status"),
    ],
    "changes the webhook": [
      patch(group(ADMISSION, "mutatingwebhookconfigurations", "lanyard-webhook"), { webhooks: [] }),
      cannot("patch", "mutatingwebhookconfigurations"),
    ],
    "deletes a policy": [
      remove(group(ADMISSION, "validatingadmissionpolicies", "lanyard-assign")),
      cannot("delete", "validatingadmissionpolicies"),
    ],
    "makes a policy": [
      create(group(ADMISSION, "validatingadmissionpolicies"), { metadata: { name: "a" } }),
      cannot("create", "validatingadmissionpolicies"),
    ],
    "changes a CRD": [
      patch(group("apiextensions.k8s.io/v1", "customresourcedefinitions", "roleassignments.lanyard.dev"), { spec: {} }),
      cannot("patch", "customresourcedefinitions"),
    ],
    "takes the operator's Lease": [
      patch(group("coordination.k8s.io/v1", `namespaces/${SYSTEM}/leases`, "lanyard-operator"), { spec: {} }),
      cannot("patch", "leases"),
    ],
    "changes a Service": [patch(core(SHOP, "services", "web"), { spec: {} }), cannot("patch", "services")],
    "writes a trust bundle": [
      patch(core(SHOP, "configmaps", "lanyard-trust-bundle"), { data: {} }),
      cannot("patch", "configmaps"),
    ],
  });

const event = (reportingController: string): object => ({
  ...{ apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "made" } },
  ...{ reportingController, reportingInstance: "x", action: "X", reason: "X", type: "Normal", note: "x" },
  ...{ eventTime: "2026-01-01T00:00:00.000000Z", regarding: { kind: "Pod", namespace: SHOP, name: "web" } },
});
const onlyItsOwn = "writes no Events but those that it reports itself";

const reporters: readonly Attack[] = (["operator", "issuer"] as const).flatMap((process) =>
  attacksOf(process, {
    "reports in another's name": [create(events(), event("kubelet")), onlyItsOwn],
    "reports in the name of another process of Lanyard": [
      create(events(), event(process === "issuer" ? "lanyard.dev/operator" : "lanyard.dev/issuer")),
      onlyItsOwn,
    ],
    "changes another's Event": [patch(events("scheduled"), { metadata: { labels: { a: "b" } } }), onlyItsOwn],
    "reports something itself": [create(events(), event(`lanyard.dev/${process}`)), ALLOWED],
  }),
);

const noOtherSecret = "writes no other Secrets than those of type lanyard.dev/vault-secret";
const foreign = "does not change the owners, finalizers, or foreign annotations";
const secret = (name: string, type: string, metadata: object = {}): object => ({
  ...{ apiVersion: "v1", kind: "Secret", type, metadata: { name, ...metadata } },
});
const VAULT_SECRET = "lanyard.dev/vault-secret";
const vault = attacksOf("vault", {
  "makes a token Secret where the secrets of vaults are": [
    create(
      core(VAULTS, "secrets"),
      secret("vault-loot", "kubernetes.io/service-account-token", {
        annotations: { "kubernetes.io/service-account.name": "default" },
      }),
    ),
    noOtherSecret,
  ],
  "makes a Secret of another type": [create(core(VAULTS, "secrets"), secret("vault-loot", "Opaque")), noOtherSecret],
  "makes a Secret with another name": [create(core(VAULTS, "secrets"), secret("loot", VAULT_SECRET)), noOtherSecret],
  "makes a Secret with an owner": [
    create(core(VAULTS, "secrets"), secret("vault-loot", VAULT_SECRET, { ownerReferences: [GHOST] })),
    foreign,
  ],
  "annotates a Secret for another program": [
    patch(core(VAULTS, "secrets", "vault-kept"), {
      metadata: { annotations: { "reflector.example/allowed": "true" } },
    }),
    foreign,
  ],
  "labels a Secret for another program": [
    patch(core(VAULTS, "secrets", "vault-kept"), { metadata: { labels: { a: "b" } } }),
    foreign,
  ],
  "changes a Secret that is not its own": [
    patch(core(VAULTS, "secrets", "others"), { stringData: { a: "b" } }),
    noOtherSecret,
  ],
  "deletes a Secret that is not its own": [remove(core(VAULTS, "secrets", "others")), noOtherSecret],
  "reads the signing keys": [read(core(SYSTEM, "secrets", "lanyard-signing-keys")), cannot("get", "secrets")],
  "writes an Event": [create(events(), event("lanyard.dev/issuer")), cannot("create", "events")],
  "makes a Secret of its own": [
    create(core(VAULTS, "secrets"), secret("vault-new", VAULT_SECRET, { annotations: { "lanyard.dev/vault": "a/b" } })),
    ALLOWED,
  ],
  "changes a Secret of its own": [patch(core(VAULTS, "secrets", "vault-kept"), { stringData: { a: "b" } }), ALLOWED],
  "deletes a Secret of its own": [remove(core(VAULTS, "secrets", "vault-kept")), ALLOWED],
});

const issuer = attacksOf("issuer", {
  "reads the signing keys, which it signs with": [read(core(SYSTEM, "secrets", "lanyard-signing-keys")), ALLOWED],
  "writes the signing keys": [
    patch(core(SYSTEM, "secrets", "lanyard-signing-keys"), { data: {} }),
    cannot("patch", "secrets"),
  ],
  "deletes the signing keys": [remove(core(SYSTEM, "secrets", "lanyard-signing-keys")), cannot("delete", "secrets")],
  "reads the webhook's key": [read(core(SYSTEM, "secrets", "lanyard-webhook-serving")), cannot("get", "secrets")],
  "reads the secrets of vaults": [read(core(VAULTS, "secrets")), cannot("list", "secrets")],
  "withdraws a revocation": [remove(ofShop("tokenrevocations", "stolen")), cannot("delete", "tokenrevocations")],
});

const webhook = attacksOf("webhook", {
  "reads the signing keys": [read(core(SYSTEM, "secrets", "lanyard-signing-keys")), cannot("get", "secrets")],
  "reads the issuer's key": [read(core(SYSTEM, "secrets", "lanyard-issuer-serving")), cannot("get", "secrets")],
  "reads the secrets of vaults": [read(core(VAULTS, "secrets")), cannot("list", "secrets")],
  "writes an Event": [create(events(), event("lanyard.dev/issuer")), cannot("create", "events")],
});

export const otherAttacks: readonly Attack[] = [
  ...(["webhook", "issuer", "vault"] as const).flatMap(common),
  ...[reporters, vault, issuer, webhook].flat(),
];
