import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { annotations } from "../../identity/names.ts";
import { readSidecarMode, type SidecarMode } from "../../identity/pod-annotations.ts";
import { canReachOldNode } from "../nodes/reachable.ts";
import type { NodeFacts } from "./facts.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

interface ChosenMode {
  readonly mode: SidecarMode;
  readonly warnings: readonly AdmissionReason[];
}

/**
 * Native where the server and every node that the pod can get to have it, unless the author wants the other. On an older
 * node a native sidecar is an init container that never ends: the pod would not start.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function chooseSidecarMode(pod: AdmittedPod, { serverHasNativeSidecars, old }: NodeFacts): ChosenMode {
  const asked = readSidecarMode(annotationsOf(pod)[annotations.sidecarMode] ?? "");
  if (!serverHasNativeSidecars) {
    return classic(pod, asked === "native" ? [admissionReasons.NativeSidecarUnsupported()] : []);
  }
  if (asked === "classic") return classic(pod, []);
  const isEverywhere = !canReachOldNode(pod, old());
  if (isEverywhere) return { mode: "native", warnings: [] };
  if (asked === "native") return { mode: "native", warnings: [admissionReasons.NodesTooOld()] };
  return classic(pod, []);
}

function classic(pod: AdmittedPod, warnings: readonly AdmissionReason[]): ChosenMode {
  return { mode: "classic", warnings: [...warnings, ...(completes(pod) ? [admissionReasons.JobNeverEnds()] : [])] };
}

/** A pod is finished once all of its containers have exited; a native sidecar does not count. */
function completes({ spec }: AdmittedPod): boolean {
  return spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure";
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
const DEFAULT_GRACE_SECONDS = 30;

/** All but the last second of the pod's grace period, so that the sidecar ends by itself. */
export function drainSecondsOf({ spec }: AdmittedPod, mode: SidecarMode): number | undefined {
  if (mode === "native") return undefined;
  const grace = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  return Math.min(Math.max(grace - 1, 1), 86_400);
}
