import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { labels, MIRROR_POD_ANNOTATION, uninjectedNamespaces } from "../../identity/names.ts";
import { readBoolean } from "../../identity/pod-annotations.ts";
import { isOsContradictory, isWindowsPod } from "../../identity/windows-pod.ts";
import type { InjectionFacts } from "./facts.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

/**
 * Why a pod is not injected. `untouched` pods get no byte from us; the others get a message that says why. The
 * selectors of the webhook configuration keep most of them away: this holds where somebody has changed those.
 */
export interface Exclusion {
  readonly kind: "untouched" | "told";
  readonly reason: AdmissionReason;
}

export function exclusionOf(pod: AdmittedPod, { namespace, settings, nodes }: InjectionFacts): Exclusion | undefined {
  // A changed mirror would be deleted and made again for ever.
  if (Object.hasOwn(annotationsOf(pod), MIRROR_POD_ANNOTATION))
    return { kind: "untouched", reason: admissionReasons.MirrorPod() };
  if (namespace.name === settings.namespace || uninjectedNamespaces.some((name) => name === namespace.name)) {
    return { kind: "untouched", reason: admissionReasons.NamespaceExcluded(namespace.name) };
  }
  if (isWindowsPod(pod.spec, nodes.osOf)) return { kind: "told", reason: admissionReasons.WindowsPod() };
  return unknownLabel(pod, namespace);
}

/** A label without a value that is known counts for nothing: the namespace alone decides. */
export function labelWarnings(pod: AdmittedPod): AdmissionReason[] {
  const label = injectLabel(pod);
  if (label === undefined || readBoolean(label) !== undefined) return [];
  return [admissionReasons.InjectLabelUnknown(label, "only that of the namespace counts, and the pod is injected")];
}

export function osWarnings({ spec }: AdmittedPod, { nodes }: InjectionFacts): AdmissionReason[] {
  return isOsContradictory(spec, nodes.osOf) ? [admissionReasons.OsContradictory()] : [];
}

function unknownLabel(pod: AdmittedPod, { optedIn }: InjectionFacts["namespace"]): Exclusion | undefined {
  const label = injectLabel(pod);
  if (label === undefined || label === "true") return undefined;
  if (label === "false") return { kind: "untouched", reason: admissionReasons.OptedOut() };
  if (optedIn) return undefined;
  return { kind: "told", reason: admissionReasons.InjectLabelUnknown(label, "the pod is not injected") };
}

function injectLabel({ metadata }: AdmittedPod): string | undefined {
  return metadata.labels?.[labels.inject];
}
