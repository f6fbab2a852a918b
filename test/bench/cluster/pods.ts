import { annotations, labels } from "../../../identity/names.ts";
import type { Manifest } from "../../../kube/api.ts";
import manifest from "../../../package.json" with { type: "json" };
import { PAUSE_IMAGE } from "../../cluster/layout.ts";

/** The namespace that all of the measurements happen in. */
export const NAMESPACE = "lanyard-bench";
export const SERVICE_ACCOUNT = "bench";

const SIDECAR_IMAGE = `localhost/lanyard/sidecar:${manifest.version}`;
const PROBE_PORT = 4281;

/** How a pod of the measurements is put together. All else is the same. */
export type Shape = "alone" | "native sidecar" | "startup probe" | "injected";

const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  runAsUser: 65_532,
  seccompProfile: { type: "RuntimeDefault" },
};

const pause = (name: string, fields: object = {}): object => ({
  ...{ name, image: PAUSE_IMAGE, imagePullPolicy: "Never", securityContext: restricted },
  ...fields,
});

const sidecars: Readonly<Record<Shape, readonly object[]>> = {
  alone: [],
  injected: [],
  "native sidecar": [pause("empty", { restartPolicy: "Always" })],
  "startup probe": [
    pause("served", {
      ...{ image: SIDECAR_IMAGE, restartPolicy: "Always" },
      env: [
        { name: "LANYARD_ISSUER_URL", value: "http://127.0.0.1:1" },
        { name: "LANYARD_ENDPOINT_HEADER", value: "bench" },
        { name: "LANYARD_PROBE_PORT", value: String(PROBE_PORT) },
      ],
      startupProbe: { httpGet: { path: "/livez", port: PROBE_PORT }, periodSeconds: 1 },
    }),
  ],
};

interface PodOptions {
  readonly name: string;
  readonly shape: Shape;
  /** A pod that is never scheduled costs the node nothing. */
  readonly isHeld?: boolean;
}

export function benchPod({ name, shape, isHeld = false }: PodOptions): Manifest {
  const isInjected = shape === "injected";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...{ name, namespace: NAMESPACE, labels: { [labels.inject]: String(isInjected) } },
      ...(isInjected ? { annotations: { [annotations.identity]: SERVICE_ACCOUNT } } : {}),
    },
    spec: {
      ...{ serviceAccountName: SERVICE_ACCOUNT, terminationGracePeriodSeconds: 0 },
      ...(isHeld ? { schedulingGates: [{ name: "lanyard.dev/bench" }] } : {}),
      initContainers: sidecars[shape],
      containers: [pause("app")],
    },
  };
}
