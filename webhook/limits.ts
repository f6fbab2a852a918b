import { MOST_PROBLEMS } from "../identity/validate.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/** Every bound on the work and the memory of the webhook. */
export const webhookLimits = {
  podReviewBytes: 3 * MiB,
  resourceReviewBytes: 1.5 * MiB,
  timeoutSeconds: 5,
  waitingShare: 0.8,
  podReviewValues: 20_000,
  resourceReviewValues: 10_000,
  reviewDepth: 64,
  membersPerCollection: 2_500,
  shortReviewBytes: 16 * KiB,
  shortReviewBytesInFlight: 8 * MiB,
  problemsReported: MOST_PROBLEMS,
  containersPerPod: 500,
  volumesPerPod: 1_000,
  annotationCharacters: 64 * KiB,
  namesPerAnnotation: 500,
  annotationsChecked: 30,
  namesTold: 3,
  warningsInReply: 12,
  boundsPerNamespace: 20,
  proxyExceptionsCharacters: 64 * KiB,
  suggestionCandidates: 100,
} as const;

export const webhookLimitTexts: Readonly<Record<keyof typeof webhookLimits, string>> = {
  podReviewBytes:
    "Size of the review of a pod. The API server takes no larger request; a larger review is refused with 413.",
  resourceReviewBytes:
    "Size of the review of one of Lanyard's objects; an update carries the object twice. A larger review is refused with 413, and the API server then decides by the CRD alone.",
  timeoutSeconds:
    "Time that the API server waits, and in which a review must arrive. A later one is refused with 408. Chart value `webhook.timeoutSeconds`; above 20 s, `requestMs` of every server applies.",
  waitingShare:
    "Part of `timeoutSeconds` that a pod waits until the webhook has read the cluster. It is then denied with WebhookNotReady, before the API server gives up.",
  podReviewValues: "JSON values in the review of a pod, counted before it is parsed. More are refused with 413.",
  resourceReviewValues:
    "JSON values in the review of one of Lanyard's objects, counted before it is parsed. More are refused with 413, and the API server then decides by the CRD alone.",
  reviewDepth:
    "Levels of lists and objects in a review, counted before it is parsed. Deeper ones are refused with 413.",
  membersPerCollection: "Members of one list or object in a review. More are refused with 413 before they are checked.",
  shortReviewBytes:
    "Size of a review that is decided as soon as it has arrived. Longer ones are decided one after another, so that short ones do not wait for them.",
  shortReviewBytesInFlight:
    "Bytes of short reviews that are held at a time, besides the bytes of long ones. Beyond it the address that holds most is refused with 503.",
  problemsReported: "Problems that the validation of one object looks for. It stops at the last one.",
  containersPerPod: "Containers and init containers of an injected pod. A pod with more is denied with PodTooLarge.",
  volumesPerPod: "Volumes of an injected pod. A pod with more is denied with PodTooLarge.",
  annotationCharacters:
    "Length of one lanyard.dev/ annotation of an injected pod. A pod with a longer one is denied with PodTooLarge.",
  namesPerAnnotation:
    "Names in one list, such as lanyard.dev/skip-containers. A pod with more is denied with PodTooLarge.",
  annotationsChecked:
    "lanyard.dev/ annotations of one pod that are checked for typing errors. The rest is not checked.",
  namesTold: "Unknown names of one kind that the warnings of one pod name. The rest is not named.",
  warningsInReply:
    "Warnings that one reply has; the API server cuts them off at 4,096 characters. The pod's annotation has all of them.",
  boundsPerNamespace: "LimitRanges, and ResourceQuotas, of one namespace that are read. The rest is not met.",
  proxyExceptionsCharacters: "Length of a NO_PROXY that is extended. A longer one stays as it is, with a warning.",
  suggestionCandidates: "Names that a misspelt one is compared with for a suggestion. The rest is not compared.",
};

/** The time limits of a review, in milliseconds, from the seconds that the API server waits for the webhook. */
export const reviewDeadlines = (timeoutSeconds: number) => ({
  bodyMilliseconds: timeoutSeconds * 1000,
  waitingMilliseconds: timeoutSeconds * 1000 * webhookLimits.waitingShare,
});
