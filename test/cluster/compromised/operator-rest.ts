import {
  ALLOWED,
  type Attack,
  attacksOf,
  cannot,
  core,
  create,
  group,
  patch,
  read,
  remove,
  SHOP,
  SYSTEM,
} from "./attack.ts";

const ADMISSION = "admissionregistration.k8s.io/v1";
const lease = (name: string): object => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name },
  spec: {},
});
const leases = (namespace: string, name = ""): string =>
  group("coordination.k8s.io/v1", `namespaces/${namespace}/leases`, name);
const service = (spec: object): object => ({ apiVersion: "v1", kind: "Service", metadata: { name: "made" }, spec });
const noOtherService = "writes no other Services than those of its vaults";
const policies = (name = ""): string => group(ADMISSION, "validatingadmissionpolicies", name);
/** What the operator tries with Leases, Services, policies, CRDs and the rights of others. */
export const operatorRest: readonly Attack[] = attacksOf("operator", {
  "makes another's Lease": [create(leases(SYSTEM), lease("other")), "writes no other Lease than lanyard-operator"],
  "takes another's Lease": [
    patch(leases("kube-system", "kube-scheduler"), { spec: { holderIdentity: "me" } }),
    cannot("patch", "leases"),
  ],
  "renews its own Lease": [patch(leases(SYSTEM, "lanyard-operator"), { spec: { holderIdentity: "me" } }), ALLOWED],
  "makes a Service of a tenant": [create(core(SHOP, "services"), service({ ports: [{ port: 80 }] })), noOtherService],
  "makes a Service that leads elsewhere": [
    create(core(SHOP, "services"), service({ type: "ExternalName", externalName: "attacker.example" })),
    noOtherService,
  ],
  "redirects another's Service": [
    patch(core(SHOP, "services", "web"), { spec: { selector: { app: "loot" } } }),
    noOtherService,
  ],
  "deletes another's Service": [remove(core(SHOP, "services", "web")), noOtherService],
  "deletes the policies that bound it": [
    remove(policies("lanyard-operator-secrets")),
    cannot("delete", "validatingadmissionpolicies"),
  ],
  "changes the policies that bound it": [
    patch(policies("lanyard-operator-secrets"), { spec: { failurePolicy: "Ignore" } }),
    cannot("patch", "validatingadmissionpolicies"),
  ],
  "unbinds the policies that bound it": [
    remove(group(ADMISSION, "validatingadmissionpolicybindings", "lanyard-operator-secrets")),
    cannot("delete", "validatingadmissionpolicybindings"),
  ],
  "makes a policy": [create(policies(), { metadata: { name: "a" } }), cannot("create", "validatingadmissionpolicies")],
  "makes a webhook": [
    create(group(ADMISSION, "mutatingwebhookconfigurations"), { metadata: { name: "a" } }),
    cannot("create", "mutatingwebhookconfigurations"),
  ],
  "deletes its webhook": [
    remove(group(ADMISSION, "mutatingwebhookconfigurations", "lanyard-webhook")),
    cannot("delete", "mutatingwebhookconfigurations"),
  ],
  "changes a CRD": [
    patch(group("apiextensions.k8s.io/v1", "customresourcedefinitions", "roleassignments.lanyard.dev"), { spec: {} }),
    cannot("patch", "customresourcedefinitions"),
  ],
  "asks for a token of the issuer's account": [
    create(core(SYSTEM, "serviceaccounts", "lanyard-issuer/token"), {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    }),
    cannot("create", "serviceaccounts/token"),
  ],
  "acts as an administrator": [
    { ...read(core(SYSTEM, "secrets")), headers: { "Impersonate-User": "administrator" } },
    cannot("impersonate", "users"),
  ],
  "acts as the issuer": [
    {
      ...read(core(SYSTEM, "secrets", "lanyard-signing-keys")),
      headers: { "Impersonate-User": `system:serviceaccount:${SYSTEM}:lanyard-issuer` },
    },
    cannot("impersonate", "serviceaccounts"),
  ],
  "labels a namespace": [
    patch("/api/v1/namespaces/kube-system", { metadata: { labels: { a: "b" } } }),
    cannot("patch", "namespaces"),
  ],
  "changes a node": [patch("/api/v1/nodes/a", {}), cannot("patch", "nodes")],
});
