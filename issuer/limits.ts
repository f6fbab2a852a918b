import { MOST_CONDITION_CHARACTERS_OF_A_QUESTION, MOST_STEPS_OF_A_QUESTION } from "../identity/condition-judge.ts";
import { MOST_REVOCATIONS_OF_A_NAMESPACE } from "../identity/token-revocation.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/** What one issuer process bounds, besides what every server bounds (`http/limits.ts`). */
export const issuerLimits = {
  requestBodyBytes: 64 * KiB,
  unreportedAddressSeconds: 300,
  tokenReviewsPerSecond: 5,
  tokenReviewsBurst: 20,
  stepsPerQuestion: MOST_STEPS_OF_A_QUESTION,
  conditionCharactersPerQuestion: MOST_CONDITION_CHARACTERS_OF_A_QUESTION,
  stepsPerRequest: 1_000,
  stepsOfAnyQuestion: 2_000,
  stepsPerTurn: 25_000,
  longLabelCharacters: 2 * MiB,
  stepsOfReadingLabels: 5_000,
  identitiesOfAPod: 100,
  revocationsPerNamespace: MOST_REVOCATIONS_OF_A_NAMESPACE,
  stepsOfARevocation: 10,
  ownersInMemory: 5_000,
  ownerFreshMs: 5_000,
  ownerAnswerMs: 1_000,
  refusalDigestMs: 60_000,
  refusalDigestAddresses: 10,
} as const;

export const issuerLimitTexts: Readonly<Record<keyof typeof issuerLimits, string>> = {
  requestBodyBytes: "Size of a request body. A larger one gets status 413 with the code BodyTooLarge.",
  unreportedAddressSeconds:
    "How long after its start a pod whose address the kubelet has not reported may ask from an unknown address. Later it is treated as any request from an unknown address: see the chart value issuer.unknownSourceAddresses.",
  tokenReviewsPerSecond:
    "How many ServiceAccount tokens of an issuer that is not known yet are shown to the API server per second. Beyond it such a token gets status 503 with the code ClusterKeysUnavailable.",
  tokenReviewsBurst: "How many of them at once.",
  stepsPerQuestion:
    "Steps (about 20 ns each) that one decision, introspection or token request spends on conditions and assignments. What comes beyond it gives nothing, and the refusal names the first condition that was not evaluated. A decision about a shown token asks two such questions: one for the subject, one for the token.",
  conditionCharactersPerQuestion:
    "Characters of the different conditions that one decision, introspection or token request compiles and evaluates. A condition beyond it gives nothing, and the refusal names the first one that was not evaluated. A decision about a shown token asks two such questions: one for the subject, one for the token.",
  stepsPerRequest:
    "Steps that count as one more request of the pod and of its namespace. A caller with costly conditions reaches its rate limit earlier.",
  stepsOfAnyQuestion:
    "Steps that each question counts for when a batch decides whether to let other requests go first.",
  stepsPerTurn: "Steps after which a batch or a status list lets other requests go first: half a millisecond.",
  refusalDigestMs:
    "For how long refusals of requests that proved no pod are counted, per endpoint and reason. The first has an audit record at once; the others share one at the end.",
  refusalDigestAddresses: "Source addresses that such a shared record names.",
  longLabelCharacters:
    "Characters of labels, in all, that are kept of pods with more than 1,024 characters of labels each. The labels of other such pods are read from the API server when a decision needs them.",
  stepsOfReadingLabels: "Steps that the caller pays for such a read.",
  revocationsPerNamespace:
    "TokenRevocations of a namespace that are told apart. With more, every token of its identities and pods that was issued before the newest of them is revoked, and the newer ones say `TooManyRevocations` in their condition. A ResourceQuota with `count/tokenrevocations.lanyard.dev` keeps a namespace below it.",
  stepsOfARevocation: "Steps that a status list is charged for each revocation that concerns one of its pods.",
  ownersInMemory:
    "Controllers of the kinds in the chart value workloads that are remembered. Beyond it the one that was read longest ago is read again when a pod below it asks.",
  ownerFreshMs:
    "For how long such a controller is used without asking the API server again, and so how late its deletion may be noticed. While the API server is away the remembered controller stays in use.",
  ownerAnswerMs:
    "Time for the API server's answer about a controller that is remembered. Without one the remembered controller is used.",
  identitiesOfAPod:
    "Identities of its namespace among which a pod that names none finds its own, and that GET /identities lists. A pod may use others too, by naming them.",
};
