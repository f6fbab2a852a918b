import fc from "fast-check";
import type { SecuredContainer, SecuredPod } from "./pod-security.ts";

export interface WrittenContainer extends SecuredContainer {
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly ports?: readonly { readonly containerPort: number; readonly hostPort?: number }[];
  readonly volumeMounts?: readonly { readonly name: string }[];
}

/** A pod as people and controllers write it, with fields that the webhook knows nothing of. */
export interface WrittenPod extends SecuredPod {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Omit<SecuredPod["spec"], "containers" | "initContainers"> & {
    readonly containers: readonly WrittenContainer[];
    readonly initContainers?: readonly WrittenContainer[];
  };
}

/** A field that is there, or not. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** What the webhook knows nothing of, and must leave as it is. */
const unknownFields = [{ a: [null, { "~/": "" }] }, [], null, "text", 1.5];

const names = ["web", "logs", "mesh", "migrate", "a/b~c", "lanyard-2"];
const variableNames = [
  ...["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_POD_IDENTITY_AUTHORITY_HOST"],
  ...["NO_PROXY", "no_proxy", "HTTPS_PROXY", "http_proxy", "LOG_LEVEL", "LANYARD_PORT"],
];

const variable = fc.oneof(
  fc.record({ name: fc.constantFrom(...variableNames), value: fc.constantFrom("", "a", "*", "a, 127.0.0.1", "$(A),") }),
  fc.record({ name: fc.constantFrom(...variableNames), valueFrom: fc.constant({ fieldRef: { fieldPath: "spec.x" } }) }),
  fc.record({ name: fc.constantFrom(...variableNames) }),
);

const securityContext = fc.constantFrom(
  undefined,
  { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsUser: 65_532, privileged: false },
  { privileged: true },
);

const container = fc.record({
  name: fc.constantFrom(...names),
  image: fc.constant("registry.example/app:1"),
  env: maybe(fc.array(variable, { maxLength: 3 })),
  ports: maybe(fc.array(fc.record({ containerPort: fc.integer({ min: 4278, max: 4284 }) }), { maxLength: 3 })),
  volumeMounts: maybe(fc.constant([{ name: "data", mountPath: "/data" }])),
  securityContext,
  lifecycle: maybe(fc.constantFrom(...unknownFields)),
});

const initContainer = container.map((written) => ({ ...written, name: `init-${written.name}` }));

const annotationKeys = ["skip-containers", "gate", "port", "identity", "dialects", "sidecar-mode", "imds-redirect"];
const annotationValues = [
  "true",
  "false",
  "classic",
  "4280",
  "4281",
  "web",
  "web,logs",
  "shop/orders",
  "azure",
  "$(A)",
  "",
];
const annotation = fc.oneof(
  fc.tuple(
    fc.constantFrom(...annotationKeys.map((key) => `lanyard.dev/${key}`), "example.com/a~b", "kubectl.kubernetes.io/x"),
    fc.constantFrom(...annotationValues),
  ),
  // Another value would have the pod refused.
  fc.constant(["lanyard.dev/secret-files", "a=vault/b"] as const),
);

const metadata = fc.record({
  name: maybe(fc.constant("web-1")),
  generateName: maybe(fc.constant("web-")),
  labels: maybe(fc.constantFrom({ "lanyard.dev/inject": "true" }, { app: "web" }, {})),
  annotations: maybe(fc.array(annotation, { maxLength: 4 }).map((entries) => Object.fromEntries(entries))),
  ownerReferences: maybe(fc.constantFrom(...unknownFields)),
});

const spec = fc.record({
  containers: fc.uniqueArray(container, { minLength: 1, maxLength: 2, selector: ({ name }) => name }),
  initContainers: maybe(fc.uniqueArray(initContainer, { maxLength: 2, selector: ({ name }) => name })),
  volumes: maybe(fc.constantFrom([], [{ name: "data", emptyDir: {} }], [{ name: "data", hostPath: { path: "/" } }])),
  hostNetwork: maybe(fc.boolean()),
  dnsPolicy: maybe(fc.constantFrom("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")),
  restartPolicy: maybe(fc.constantFrom("Always", "Never", "OnFailure")),
  serviceAccountName: maybe(fc.constant("orders")),
  securityContext: fc.constantFrom(
    undefined,
    { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    { runAsUser: 0 },
    { runAsUser: 1000, supplementalGroups: [1000] },
  ),
  shareProcessNamespace: maybe(fc.boolean()),
  hostPID: maybe(fc.boolean()),
  nodeSelector: maybe(fc.constant({ "kubernetes.io/os": "linux" })),
  preemptionPolicy: maybe(fc.constantFrom(...unknownFields)),
});

/** What is undefined is not there, as in JSON. */
export const writtenPods: fc.Arbitrary<WrittenPod> = fc
  .record({ metadata, spec })
  .map((fields) => JSON.parse(JSON.stringify({ apiVersion: "v1", kind: "Pod", ...fields })));
