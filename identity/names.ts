/** Every name that Lanyard writes on, or reads from, Kubernetes objects and containers. One place, so that a rename is one line. */
export const API_GROUP = "lanyard.dev";
export const API_VERSION = `${API_GROUP}/v1alpha1`;

/** The audience of the projected ServiceAccount token that authenticates a pod to the issuer; useless anywhere else. */
export const ISSUER_AUDIENCE = "lanyard.dev/issuer";

export const annotations = {
  identity: `${API_GROUP}/identity`,
  systemAssigned: `${API_GROUP}/system-assigned`,
  /** Written by the operator on the identity of a workload that asks for none any more: when it is deleted. */
  deleteAfter: `${API_GROUP}/delete-after`,
  dialects: `${API_GROUP}/dialects`,
  port: `${API_GROUP}/port`,
  skipContainers: `${API_GROUP}/skip-containers`,
  gate: `${API_GROUP}/gate`,
  secretFiles: `${API_GROUP}/secret-files`,
  imdsRedirect: `${API_GROUP}/imds-redirect`,
  /** Written by a person on a vault, or on the namespace of all secrets: it may be deleted. */
  allowDeletion: `${API_GROUP}/allow-deletion`,
  injected: `${API_GROUP}/injected`,
  /** Written by the webhook: why it did nothing, or what its author should mend. */
  injectionMessage: `${API_GROUP}/injection-message`,
  /** Written by an author: `native` or `classic`, where the webhook's own choice by server version is not wanted. */
  sidecarMode: `${API_GROUP}/sidecar-mode`,
} as const;

/** What an author, of a pod or of its namespace, gives the sidecar. */
export const resourceAnnotations = (["cpu", "memory", "ephemeral-storage"] as const).flatMap((resource) =>
  (["request", "limit"] as const).map((field) => ({
    ...{ resource, field },
    key: `${API_GROUP}/sidecar-${resource}-${field}` as const,
  })),
);

export const labels = {
  inject: `${API_GROUP}/inject`,
} as const;

/** Environment variables that cloud SDKs read to find a token endpoint (Azure App Service and IMDS protocols). */
export const environment = {
  identityEndpoint: "IDENTITY_ENDPOINT",
  identityHeader: "IDENTITY_HEADER",
  podIdentityAuthorityHost: "AZURE_POD_IDENTITY_AUTHORITY_HOST",
  /** Ours: where a program finds the secrets that its pod asks for as files. */
  secretsDirectory: "LANYARD_SECRETS_DIRECTORY",
} as const;

/** What an injected pod holds, and where. */
export const injection = {
  container: "lanyard",
  volume: "lanyard",
  /** A ConfigMap with the certificates that the issuer is known by, in every namespace with injected pods. */
  trustBundle: "lanyard-trust-bundle",
  trustBundleKey: "ca.crt",
  /** Mounted in the sidecar alone. */
  mountPath: "/var/run/secrets/lanyard.dev",
  tokenFile: "token",
  /** Secrets of vaults as files: written by the sidecar, read by the application. */
  secretsVolume: "lanyard-secrets",
  secretsPath: "/var/run/lanyard/secrets",
} as const;

/** Written by the kubelet on its own record of a static pod. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-config-mirror */
export const MIRROR_POD_ANNOTATION = "kubernetes.io/config.mirror";

/** On a namespace of OpenShift: the user ids that its pods may run as. https://docs.openshift.com/container-platform/latest/authentication/managing-security-context-constraints.html */
export const OPENSHIFT_USER_RANGE = "openshift.io/sa.scc.uid-range";

/** What Azure Workload Identity puts on a pod. https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html */
export const cloudIdentity = {
  useLabel: "azure.workload.identity/use",
  tokenVolume: "azure-identity-token",
  tokenFile: "AZURE_FEDERATED_TOKEN_FILE",
} as const;

/** Pods of these are never injected, besides those of Lanyard itself: they start before the webhook, or without an API server. */
export const uninjectedNamespaces = ["kube-system", "kube-node-lease"] as const;

/** What Lanyard keeps in the namespace that it is installed in. */
export const installation = {
  /** Certificates and private keys of the certificate authority: for the operator alone. */
  authoritySecret: "lanyard-ca",
  webhookServingSecret: "lanyard-webhook-serving",
  issuerServingSecret: "lanyard-issuer-serving",
  vaultServingSecret: "lanyard-vault-serving",
  /** A certificate for each vault, under its host, and their key. */
  vaultCertificatesSecret: "lanyard-vault-certificates",
  /** The private keys that access tokens are signed with: for the issuer alone. */
  signingKeysSecret: "lanyard-signing-keys",
  signingKeysKey: "jwks.json",
  /** A port of the issuer's Service for sidecars in a mesh, which is told to leave it alone. */
  issuerMeshPort: 4282,
  /** Of the replicas of the operator, the one that holds it leads. */
  leaderLease: "lanyard-operator",
} as const;

/** How the vault keeps its secrets, in a namespace of its own. */
export const vaultStorage = {
  secretType: `${API_GROUP}/vault-secret`,
  namePrefix: "vault-",
  /** For people: what it belongs to and what it is called. Nothing is decided from them. */
  vaultAnnotation: `${API_GROUP}/vault`,
  secretAnnotation: `${API_GROUP}/vault-secret`,
} as const;

/** What `lanyard dev --vault` sets in a program besides: where its vault is. The variables of the trust are the libraries' own. */
export const vaultEnvironment = {
  /** Of the only vault; of each when there are several, followed by _NAMESPACE_NAME. */
  url: "VAULT_URL",
  trust: { additional: "NODE_EXTRA_CA_CERTS", whole: ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] },
} as const;

/** The API server of the cluster as a service that tokens are for. */
export const kubernetesApi = {
  /** What a pod asks a token for; the Service `kubernetes` has this name in every cluster. */
  audience: "https://kubernetes.default.svc",
  /** A principal is this and its id to RBAC, so that no token can be anybody whom somebody else vouches for. */
  userPrefix: "lanyard:",
} as const;

/** On what the operator made. https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const managedByLanyard = { "app.kubernetes.io/managed-by": "lanyard" } as const;

/** The namespace whose UID is the tenant id: it exists in every cluster and is never deleted. */
export const TENANT_NAMESPACE = "kube-system";
