import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { annotations } from "../../identity/names.ts";
import { readBoolean } from "../../identity/pod-annotations.ts";
import type { SidecarResources } from "../resources/sidecar-resources.ts";
import type { WebhookSettings } from "../settings.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

export const REDIRECT_CONTAINER = "lanyard-imds-redirect";

interface Redirect {
  /** Init containers that run before everything else: one, or none. */
  readonly containers: readonly object[];
  readonly warnings: readonly AdmissionReason[];
}

interface RedirectPlan {
  readonly tokenPort: number;
  /** The sidecar's: what the namespace asks of one container it asks of both. */
  readonly resources: SidecarResources["resources"];
}

/**
 * For SDKs that know no other address than that of a virtual machine's metadata service. The packets to it end at the
 * token endpoint, by a rule in the pod's own network namespace. In a pod on the node's network it would be the node's.
 */
export function redirectOf(pod: AdmittedPod, plan: RedirectPlan, settings: WebhookSettings): Redirect {
  if (readBoolean(annotationsOf(pod)[annotations.imdsRedirect] ?? "") !== true) return { containers: [], warnings: [] };
  if (pod.spec.hostNetwork) return impossible("the pod is on its node's network, whose packets it must not redirect");
  if (settings.redirectImage === undefined) return impossible("this installation names no image for it");
  return {
    containers: [redirectContainer(settings.redirectImage, settings.imagePullPolicy, plan)],
    warnings: [admissionReasons.RedirectPrivileged()],
  };
}

function impossible(why: string): Redirect {
  return { containers: [], warnings: [admissionReasons.RedirectImpossible(why)] };
}

function redirectContainer(image: string, imagePullPolicy: string, { tokenPort, resources }: RedirectPlan): object {
  return {
    name: REDIRECT_CONTAINER,
    image,
    imagePullPolicy,
    command: ["nft", rules(tokenPort)],
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 0,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** Flushed first: a container that is started again must not add the rule twice. */
function rules(tokenPort: number): string {
  return [
    "add table ip lanyard",
    "flush table ip lanyard",
    "add chain ip lanyard output { type nat hook output priority -100; policy accept; }",
    `add rule ip lanyard output ip daddr 169.254.169.254 tcp dport 80 redirect to :${tokenPort}`,
  ].join("; ");
}
