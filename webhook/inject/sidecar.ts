import { ISSUER_AUDIENCE, injection } from "../../identity/names.ts";
import type { Gate, SidecarMode } from "../../identity/pod-annotations.ts";
import { secretFileText } from "../../identity/secret-files.ts";
import type { SidecarResources } from "../resources/sidecar-resources.ts";
import type { WebhookSettings } from "../settings.ts";
import { type GateForm, probesOf } from "./gate.ts";
import type { Variable } from "./pod.ts";
import type { Ports } from "./ports.ts";
import { type SecretFilesPlan, secretsMount } from "./secret-files.ts";
import type { SidecarUser } from "./sidecar-user.ts";

/** What one pod's sidecar is like. */
export interface SidecarPlan {
  readonly mode: SidecarMode;
  readonly ports: Ports;
  readonly header: string;
  readonly dialects: readonly string[];
  readonly gate: Gate;
  readonly gateForm: GateForm;
  readonly issuer: { readonly url: string; readonly address: string | undefined };
  /** How long a classic sidecar serves after SIGTERM; undefined for a native one, which is stopped after the others. */
  readonly drainSeconds: number | undefined;
  readonly hostNetwork: boolean;
  readonly tenantId: string | undefined;
  readonly secretFiles: SecretFilesPlan | undefined;
  readonly user: SidecarUser;
  readonly resources: SidecarResources["resources"];
}

const TOKEN_SECONDS = 3600;

/**
 * Where the API server's ServiceAccount admission mounts a token for the API itself, also into containers that a webhook
 * adds, unless something is mounted there already. The sidecar has no use for that token.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#serviceaccount
 */
const API_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The container passes the Pod Security Standard `restricted`, whatever the pod says for its others. */
export function sidecarContainer(plan: SidecarPlan, settings: WebhookSettings): object {
  return {
    name: injection.container,
    image: settings.sidecarImage,
    imagePullPolicy: settings.imagePullPolicy,
    ...(plan.mode === "native" ? { restartPolicy: "Always" } : {}),
    env: variables(plan),
    ...(plan.hostNetwork ? { ports: sharedPorts(plan.ports) } : {}),
    resources: plan.resources,
    volumeMounts: [
      ...[injection.mountPath, API_TOKEN_PATH].map((mountPath) => ({
        name: injection.volume,
        mountPath,
        readOnly: true,
      })),
      ...(plan.secretFiles === undefined ? [] : [secretsMount("writable")]),
    ],
    ...probesOf(plan.gateForm),
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      ...plan.user,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** The token that authenticates the pod to the issuer, bound to the pod and good for nothing else, and the issuer's CA. */
export function sidecarVolume(): object {
  return {
    name: injection.volume,
    projected: {
      sources: [
        {
          serviceAccountToken: {
            audience: ISSUER_AUDIENCE,
            expirationSeconds: TOKEN_SECONDS,
            path: injection.tokenFile,
          },
        },
        {
          configMap: {
            name: injection.trustBundle,
            items: [{ key: injection.trustBundleKey, path: injection.trustBundleKey }],
          },
        },
      ],
    },
  };
}

function variables(plan: SidecarPlan): Variable[] {
  const { ports, header, dialects, gate, tenantId, secretFiles, issuer, drainSeconds } = plan;
  const values = {
    LANYARD_ISSUER_URL: issuer.url,
    LANYARD_ISSUER_ADDRESS: issuer.address,
    LANYARD_ISSUER_CA_FILE: `${injection.mountPath}/${injection.trustBundleKey}`,
    LANYARD_ENDPOINT_HEADER: header,
    LANYARD_PORT: String(ports.token),
    LANYARD_DRAIN_SECONDS: drainSeconds === undefined ? undefined : String(drainSeconds),
    LANYARD_DIALECTS: dialects.join(","),
    LANYARD_AUDIENCES: gate.kind === "audiences" ? literally(gate.audiences.join(",")) : undefined,
    LANYARD_TENANT_ID: tenantId,
    LANYARD_SECRET_FILES: secretFiles?.files.map(secretFileText).join(","),
    LANYARD_SECRET_FILE_MODE: secretFiles?.mode,
  };
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** The kubelet would put a variable's value in the place of `$(NAME)`. */
const literally = (text: string): string => text.replaceAll("$(", "$$$$(");

/** Told to the scheduler, which then puts no two pods with the same port on one node. */
function sharedPorts({ token }: Ports): object[] {
  return [{ containerPort: token, hostPort: token, protocol: "TCP" }];
}
