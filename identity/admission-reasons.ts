import { quoted } from "./issue-words.ts";
import { didYouMean } from "./nearest-name.ts";
import { enumerate, type Reason, reason } from "./reasons.ts";

/** Problems end as they are, with a question or with nothing. */
const ended = (text: string): string => (/[.?]$/.test(text) ? text : `${text}.`);

const untilThen = "Until then it gets no token, and the gate may hold the pod.";

/**
 * What the admission webhook tells: on the pod (annotation lanyard.dev/injection-message), to the person who writes an
 * object (admission warning), or as the reason of a denial. Short, because the API server cuts a warning at 256 characters.
 */
export const admissionReasons = {
  AnnotationInvalid: (key: string, problem: string) =>
    reason("AnnotationInvalid", `Annotation ${key}: ${ended(problem)}`),
  AudienceUnknown: (audience: string, known: Iterable<string>) =>
    reason(
      "AudienceUnknown",
      `Annotation lanyard.dev/gate: no ProtectedResource registers ${quoted(audience)}.${didYouMean(audience, known)} Create one, or correct the annotation. ${untilThen}`,
    ),
  ContainerUnknown: (name: string, known: readonly string[]) =>
    reason(
      "ContainerUnknown",
      `Annotation lanyard.dev/skip-containers: the pod has no container ${quoted(name)}.${didYouMean(name, known)}`,
    ),
  DialectsReduced: () =>
    reason(
      "DialectsReduced",
      "The pod is on its node's network, where others reach its token endpoint: only requests with IDENTITY_HEADER are served.",
    ),
  Expired: (at: string) =>
    reason("Expired", `spec.expiresAt is ${at}, which is over: the assignment gives nothing. Set a later time.`),
  IdentityNotFound: (identity: string, known: readonly string[]) =>
    reason(
      "IdentityNotFound",
      `ManagedIdentity ${quoted(identity)} does not exist.${didYouMean(identity, known)} Create it, or correct annotation lanyard.dev/identity. ${untilThen}`,
    ),
  IdentityNotPermitted: (subject: string, identity: string) =>
    reason(
      "IdentityNotPermitted",
      `Add "${subject}" to spec.subjects of ManagedIdentity ${identity}: this pod may not use it yet. ${untilThen}`,
    ),
  /** Of another namespace: whether the identity exists is not for everybody to know. */
  ForeignIdentityNotPermitted: (subject: string, identity: string, usable: readonly string[]) =>
    reason(
      "ForeignIdentityNotPermitted",
      `ManagedIdentity ${identity} does not exist or is not open to this pod: its owner adds "${subject}" to spec.subjects.${didYouMean(identity, usable)} ${untilThen}`,
    ),
  InjectLabelUnknown: (value: string, effect: string) =>
    reason(
      "InjectLabelUnknown",
      `Pod label lanyard.dev/inject is ${quoted(value)}, so ${effect}: write "true" or "false".`,
    ),
  IssuerUnresolved: (what: string, policy: string) =>
    reason(
      "IssuerUnresolved",
      `The pod ${what}, which may not find the issuer's Service, and then the gate holds the pod: set spec.dnsPolicy: ${policy}.`,
    ),
  JobNeverEnds: () =>
    reason(
      "JobNeverEnds",
      "The classic sidecar never exits, so a pod with restartPolicy Never or OnFailure does not complete: use a native sidecar, by keeping the pod to nodes of Kubernetes 1.29 or newer.",
    ),
  LimitRangeExceeded: (limitRange: string, problem: string) =>
    reason(
      "LimitRangeExceeded",
      `With the sidecar the pod exceeds LimitRange ${quoted(limitRange)}: ${problem}. Lower the limits of its containers, or lanyard.dev/sidecar-…-limit.`,
    ),
  MirrorPod: () => reason("MirrorPod", "A static pod's mirror is never changed: run the workload as a Deployment."),
  NamespaceExcluded: (namespace: string) =>
    reason("NamespaceExcluded", `Pods in namespace ${namespace} are never injected: use another namespace.`),
  NamespaceTerminating: (namespace: string) =>
    reason("NamespaceTerminating", `Namespace ${namespace} is being deleted: create the object in another one.`),
  NativeSidecarUnsupported: () =>
    reason(
      "NativeSidecarUnsupported",
      "This cluster is older than Kubernetes 1.29 and has no native sidecars, so the classic one is used.",
    ),
  NodesTooOld: () =>
    reason(
      "NodesTooOld",
      "Annotation lanyard.dev/sidecar-mode is native, and the pod can be scheduled to nodes older than Kubernetes 1.29, where it never starts: select newer nodes, or remove the annotation.",
    ),
  NoProxyUnreadable: (container: string) =>
    reason(
      "NoProxyUnreadable",
      `Container ${quoted(container)} has a NO_PROXY that is set from elsewhere or too long to extend: make sure that 127.0.0.1 is in it, or a proxy is asked for tokens.`,
    ),
  ObjectInvalid: (problems: readonly string[]) => reason("ObjectInvalid", ended(enumerate(problems, "; "))),
  ObjectUnreadable: (problems: readonly string[]) =>
    reason("ObjectUnreadable", `The object cannot be read: ${ended(enumerate(problems, "; "))}`),
  OptedOut: () => reason("OptedOut", 'Pod label lanyard.dev/inject is "false", so the pod is not injected.'),
  PodConflict: (problem: string) =>
    reason(
      "PodConflict",
      `${problem}, which is Lanyard's own: use another name, or set the pod label lanyard.dev/inject to "false".`,
    ),
  PodTooLarge: (excess: string) =>
    reason("PodTooLarge", `The pod cannot be injected, because ${excess}: split it, or remove what it does not need.`),
  PortTaken: (asked: number, chosen: number) =>
    reason(
      "PortTaken",
      `Annotation lanyard.dev/port: a container declares port ${asked}, so the token endpoint is at ${chosen}.`,
    ),
  ReviewTooLarge: (problem: string) =>
    reason("ReviewTooLarge", `The AdmissionReview ${problem}, the most that Lanyard reads: send a smaller object.`),
  RedirectImpossible: (why: string) =>
    reason("RedirectImpossible", `Annotation lanyard.dev/imds-redirect has no effect: ${why}.`),
  RedirectPrivileged: () =>
    reason(
      "RedirectPrivileged",
      "lanyard.dev/imds-redirect adds an init container with NET_ADMIN, which Pod Security Standards baseline and restricted refuse.",
    ),
  ReferenceNotFound: (what: string, name: string, known: readonly string[]) =>
    reason("ReferenceNotFound", `${what} ${quoted(name)} does not exist (yet).${didYouMean(name, known)}`),
  SecretFilesInvalid: (problem: string) =>
    reason(
      "SecretFilesInvalid",
      `Annotation lanyard.dev/secret-files, ${ended(problem)} Correct it: a program that misses its files is not started.`,
    ),
  SidecarResourcesAdapted: (what: string, given: string) =>
    reason(
      "SidecarResourcesAdapted",
      `The sidecar's ${what} is ${given}, not what the annotation asks for: a LimitRange of the namespace or the pod's quality of service (Guaranteed) needs it.`,
    ),
  UnknownField: (problem: string) => reason("UnknownField", `Without effect: ${ended(problem)}`),
  VaultUnknown: (audience: string, known: Iterable<string>) =>
    reason(
      "VaultUnknown",
      `Annotation lanyard.dev/secret-files: no ProtectedResource registers ${quoted(audience)}.${didYouMean(audience, known)} Until one does, the gate holds the pod.`,
    ),
  WebhookFailed: () =>
    reason("WebhookFailed", "Lanyard's webhook could not decide: try again, and report what its log says if it stays."),
  WebhookNotReady: () =>
    reason("WebhookNotReady", "Lanyard's webhook has not read the cluster's state yet: try again in a second."),
  OsContradictory: () =>
    reason(
      "OsContradictory",
      "What the pod says of its operating system (spec.os, nodeSelector, node affinity) leaves no node for it: correct it. The sidecar that it gets runs on Linux.",
    ),
  WorkloadIdentityBeside: (sign: string) =>
    reason(
      "WorkloadIdentityBeside",
      `The pod also uses Azure Workload Identity (${sign}). SDKs for Azure prefer it, and do not ask Lanyard: leave containers that need Azure out with lanyard.dev/skip-containers, and the label out of the others' pods.`,
    ),
  WindowsPod: () =>
    reason(
      "WindowsPod",
      "The sidecar runs on Linux alone, so this Windows pod has no token endpoint: it is not injected.",
    ),
} as const;

export type AdmissionCode = keyof typeof admissionReasons;
export type AdmissionReason = Reason<AdmissionCode>;
