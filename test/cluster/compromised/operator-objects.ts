import {
  ALLOWED,
  type Attack,
  attacksOf,
  cannot,
  core,
  create,
  GHOST,
  group,
  patch,
  read,
  remove,
  SHOP,
  SYSTEM,
} from "./attack.ts";

/** A Secret that the control plane fills with the token of the issuer's account. */
const ISSUER_TOKEN = { "kubernetes.io/service-account.name": "lanyard-issuer" };
const secret = (name: string, type: string, more: object = {}): object => ({
  ...{ apiVersion: "v1", kind: "Secret", type },
  metadata: { name, ...more },
});
const configMap = (name: string, more: object = {}): object => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
  ...{ data: { "ca.crt": "x" }, ...more },
});
const noOtherSecret = "and no other Secret or type of Secret";
const keepsSecret = "does not change the annotations, owners, finalizers or foreign labels of a Secret";

const secrets = attacksOf("operator", {
  "makes a serving Secret a token Secret of the issuer's account": [
    create(
      core(SYSTEM, "secrets"),
      secret("lanyard-vault-serving", "kubernetes.io/service-account-token", { annotations: ISSUER_TOKEN }),
    ),
    noOtherSecret,
  ],
  "makes a token Secret with a name of its own": [
    create(
      core(SYSTEM, "secrets"),
      secret("loot", "kubernetes.io/service-account-token", { annotations: ISSUER_TOKEN }),
    ),
    noOtherSecret,
  ],
  "makes a Secret that a program of the installation may read": [
    create(core(SYSTEM, "secrets"), secret("loot", "Opaque")),
    noOtherSecret,
  ],
  "makes the CA a Secret of another type": [
    create(core(SYSTEM, "secrets"), secret("lanyard-ca", "example.com/other")),
    noOtherSecret,
  ],
  "makes a serving Secret with an owner that is not there": [
    create(core(SYSTEM, "secrets"), secret("lanyard-ca", "Opaque", { ownerReferences: [GHOST] })),
    keepsSecret,
  ],
  "gives a serving Secret an owner that is not there, so that it is deleted": [
    patch(core(SYSTEM, "secrets", "lanyard-issuer-serving"), { metadata: { ownerReferences: [GHOST] } }),
    keepsSecret,
  ],
  "annotates a serving Secret with the issuer's account": [
    patch(core(SYSTEM, "secrets", "lanyard-issuer-serving"), { metadata: { annotations: ISSUER_TOKEN } }),
    keepsSecret,
  ],
  "holds a Secret by a finalizer": [
    patch(core(SYSTEM, "secrets", "lanyard-ca"), { metadata: { finalizers: ["example.com/held"] } }),
    keepsSecret,
  ],
  "labels a Secret for another program": [
    patch(core(SYSTEM, "secrets", "lanyard-ca"), {
      metadata: { labels: { "argocd.argoproj.io/secret-type": "cluster" } },
    }),
    keepsSecret,
  ],
  "reads the signing keys": [read(core(SYSTEM, "secrets", "lanyard-signing-keys")), cannot("get", "secrets")],
  "writes the signing keys": [
    patch(core(SYSTEM, "secrets", "lanyard-signing-keys"), { data: {} }),
    cannot("patch", "secrets"),
  ],
  "deletes the signing keys": [remove(core(SYSTEM, "secrets", "lanyard-signing-keys")), cannot("delete", "secrets")],
  "lists the Secrets of its namespace": [read(core(SYSTEM, "secrets")), cannot("list", "secrets")],
  "reads the secrets of vaults": [read(core("lanyard-vault", "secrets")), cannot("list", "secrets")],
  "makes a Secret elsewhere": [
    create(core(SHOP, "secrets"), secret("lanyard-ca", "Opaque")),
    cannot("create", "secrets"),
  ],
  "writes its own CA": [patch(core(SYSTEM, "secrets", "lanyard-ca"), { data: { "next.crt": "" } }), ALLOWED],
});

const noOtherConfigMap = "writes no other ConfigMaps than lanyard-trust-bundle";
const bundle = core(SHOP, "configmaps", "lanyard-trust-bundle");
const configMaps = attacksOf("operator", {
  "makes a ConfigMap of a tenant": [create(core(SHOP, "configmaps"), configMap("app")), noOtherConfigMap],
  "makes one that configures the cluster": [
    create(core("kube-system", "configmaps"), configMap("coredns")),
    noOtherConfigMap,
  ],
  "changes one": [patch(core(SHOP, "configmaps", "app"), { data: { a: "b" } }), cannot("patch", "configmaps")],
  "writes more than certificates": [patch(bundle, { data: { "run.sh": "x" } }), "writes nothing but ca.crt"],
  "writes binary data": [patch(bundle, { binaryData: { "ca.bin": "eA==" } }), "writes nothing but ca.crt"],
  "gives the bundle an owner": [
    patch(bundle, { metadata: { ownerReferences: [GHOST] } }),
    "does not change the annotations",
  ],
  "labels the bundle for another program": [
    patch(bundle, { metadata: { labels: { a: "b" } } }),
    "does not change the annotations",
  ],
  "writes the bundle": [patch(bundle, { data: { "ca.crt": "x" } }), ALLOWED],
  "deletes the bundle": [remove(bundle), ALLOWED],
});

const ownCondition = "writes its own condition lanyard.dev/Injected alone";
const pod = core(SHOP, "pods", "web/status");
const deployment = group("apps/v1", `namespaces/${SHOP}/deployments`, "web/status");
const condition = (type: string): object => ({ type, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" });
const statuses = attacksOf("operator", {
  "says that a pod runs": [patch(pod, { status: { phase: "Running" } }), ownCondition],
  "gives a pod another's address": [
    patch(pod, { status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] } }),
    ownCondition,
  ],
  "says that a pod is ready": [patch(pod, { status: { conditions: [condition("Ready")] } }), ownCondition],
  "says that a pod is to be moved": [patch(pod, { status: { nominatedNodeName: "node" } }), ownCondition],
  "labels a pod through its status": [
    patch(pod, { metadata: { labels: { app: "payments" } } }),
    "does not change the metadata",
  ],
  "annotates a pod through its status": [
    patch(pod, { metadata: { annotations: { a: "b" } } }),
    "does not change the metadata",
  ],
  "holds a pod by a finalizer": [
    patch(pod, { metadata: { finalizers: ["example.com/held"] } }),
    "does not change the metadata",
  ],
  "says that a Deployment is available": [
    patch(deployment, { status: { conditions: [condition("Available")] } }),
    ownCondition,
  ],
  "says how many replicas a Deployment has": [
    patch(deployment, { status: { replicas: 3, readyReplicas: 3 } }),
    ownCondition,
  ],
  "annotates a Deployment through its status": [
    patch(deployment, { metadata: { annotations: { a: "b" } } }),
    "does not change the metadata",
  ],
  "says that a pod is not injected": [
    patch(pod, { status: { conditions: [condition("lanyard.dev/Injected")] } }),
    ALLOWED,
  ],
  "changes a pod": [patch(core(SHOP, "pods", "web"), { metadata: { labels: { a: "b" } } }), cannot("patch", "pods")],
  "makes a pod": [create(core(SYSTEM, "pods"), { metadata: { name: "a" } }), cannot("create", "pods")],
  "deletes a pod": [remove(core(SHOP, "pods", "web")), cannot("delete", "pods")],
  "runs a command in a pod": [create(core(SYSTEM, "pods", "a/exec?command=sh"), {}), cannot("create", "pods/exec")],
});

/** What the operator tries with Secrets, ConfigMaps, and the statuses of pods and workloads. */
export const operatorObjects: readonly Attack[] = [...secrets, ...configMaps, ...statuses];
