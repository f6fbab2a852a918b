import { MOST_CONDITION_CHARACTERS_OF_A_QUESTION, MOST_STEPS_OF_A_QUESTION } from "../identity/condition-judge.ts";
import { MOST_COMPARED, MOST_LOOKED_AT } from "../identity/nearest-name.ts";
import { MOST_REVOCATIONS_OF_A_NAMESPACE } from "../identity/token-revocation.ts";
import { keptLimits } from "../kube/kept.ts";
import { MOST_BUCKETS } from "../kube/token-bucket.ts";

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
  tokensPerPod: { perSecond: 20, burst: 100 },
  tokensPerNamespace: { perSecond: 200, burst: 1_000 },
  decisionsPerPod: { perSecond: 1_000, burst: 2_000 },
  decisionsPerNamespace: { perSecond: 5_000, burst: 10_000 },
  selfIntrospectionsPerAddress: { perSecond: 1_000, burst: 2_000 },
  requestsPerAddress: { perSecond: 2_000, burst: 4_000 },
  failedAuthenticationsPerAddress: { perSecond: 20, burst: 200 },
  statusListsPerAddress: { perSecond: 100, burst: 1_000 },
  rateLimitedKeys: MOST_BUCKETS,
  formParameters: 32,
  evaluationsPerBatch: 100,
  verifiedTokensInMemory: 20_000,
  statusListsInMemory: 2_000,
  pendingEvents: 256,
  suggestionNames: MOST_LOOKED_AT,
  suggestionCandidates: MOST_COMPARED,
  keptAnnotationCharacters: keptLimits.annotationCharacters,
  keptPodLabelCharacters: keptLimits.podLabelCharacters,
  keptOwners: keptLimits.owners,
  keptFinalizers: keptLimits.finalizers,
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
  tokensPerPod: "Token requests of one pod. More get status 429 with Retry-After.",
  tokensPerNamespace: "Token requests of all pods in one namespace. More get status 429 with Retry-After.",
  decisionsPerPod: "Decisions and introspections of one pod. More get status 429 with Retry-After.",
  decisionsPerNamespace:
    "Decisions and introspections of all pods in one namespace. More get status 429 with Retry-After.",
  selfIntrospectionsPerAddress:
    "Introspections from one source address by the token that is asked about. More get status 429 with Retry-After.",
  requestsPerAddress:
    "Requests of any kind from one source address. More get status 429 with Retry-After. The pods of the vault and of gateways have no such limit.",
  failedAuthenticationsPerAddress:
    "Tokens from one source address that are verified and turn out to be invalid. Further tokens get status 429 with Retry-After and are not verified.",
  statusListsPerAddress:
    "Status lists that are made for one source address. More get status 429 with Retry-After. A list that is in memory does not count.",
  rateLimitedKeys:
    "Pods, namespaces or addresses that each of these rate limits remembers. Beyond it the one that asked longest ago is forgotten and has its whole burst again.",
  formParameters: "Parameters of a form. A request with more gets status 400.",
  evaluationsPerBatch: "Decisions in one batch. A larger batch gets status 400.",
  verifiedTokensInMemory:
    "ServiceAccount tokens whose signature was verified and is not verified again. Beyond it the oldest one is verified again.",
  statusListsInMemory:
    "Signed status lists that are kept. Beyond it the oldest one is made again when a verifier asks.",
  pendingEvents:
    "Events about refusals that wait for the API server. Further ones are left out; the audit trail has every refusal.",
  suggestionNames: "Names that are looked at to suggest one in place of a misspelt name. The rest is not suggested.",
  suggestionCandidates: "Names of these that are compared letter by letter. The rest is not suggested.",
  keptAnnotationCharacters:
    "Characters of the annotations that the cache keeps of one object. A longer one is left out.",
  keptPodLabelCharacters:
    "Characters of the labels that the cache keeps of one pod. The others are read from the API server when a decision needs them.",
  keptOwners: "Owner references that the cache keeps of one object, the controller first. The rest is left out.",
  keptFinalizers: "Finalizers that the cache keeps of one object. The rest is left out.",
};
