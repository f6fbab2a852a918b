import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { annotations } from "../../identity/names.ts";
import { readSidecarMode, type SidecarMode } from "../../identity/pod-annotations.ts";
import type { WebhookSettings } from "../settings.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

interface ChosenMode {
  readonly mode: SidecarMode;
  readonly warnings: readonly AdmissionReason[];
}

/**
 * Native where the server has it, unless the author wants the other.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function chooseSidecarMode(pod: AdmittedPod, { nativeSidecars }: WebhookSettings): ChosenMode {
  const asked = readSidecarMode(annotationsOf(pod)[annotations.sidecarMode] ?? "");
  if (nativeSidecars && asked !== "classic") return { mode: "native", warnings: [] };
  const unsupported = asked === "native" ? [admissionReasons.NativeSidecarUnsupported()] : [];
  const endless = completes(pod) ? [admissionReasons.JobNeverEnds()] : [];
  return { mode: "classic", warnings: [...unsupported, ...endless] };
}

/** A pod is finished once all of its containers have exited; a native sidecar does not count. */
function completes({ spec }: AdmittedPod): boolean {
  return spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure";
}
