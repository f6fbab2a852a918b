const KiB = 1024;

/** Every bound of the process in the pod. Those with a variable of their own are defaults: docs/reference/sidecar.md. */
export const sidecarLimits = {
  cachedTokens: 256,
  simultaneousIssuerCalls: 16,
  issuerCallsPerSecond: 50,
  bypassesPerSecond: 5,
  idleSeconds: 1800,
  confirmSeconds: 4,
  leastTokenSeconds: 300,
  issuerReplyBytes: 64 * KiB,
  issuerReplySeconds: 10,
  nameAttemptSeconds: 1,
  confirmationReplySeconds: 1,
  retryAfterSeconds: 3600,
  urlCharacters: 8 * KiB,
  valueCharacters: 512,
  keptUrls: 64,
  requestHeaderBytes: 16 * KiB,
  refusalLinesPerSecond: 1,
  gateSeconds: 2,
  statusReplySeconds: 1,
  statusReplyBytes: 16 * KiB,
  livenessSeconds: 5,
  drainSeconds: 30,
  drainQuietSeconds: 3,
  secretReplyBytes: 256 * KiB,
  secretReplySeconds: 10,
  secretPollSeconds: 10,
  secretRetryAfterSeconds: 300,
} as const;

/** Whole sentences for docs/reference/limits.md. The compiled binary does not hold them. */
export const sidecarLimitTexts: Readonly<Record<keyof typeof sidecarLimits, string>> = {
  cachedTokens: "Tokens in memory; the one that was not asked for the longest goes first. `LANYARD_CACHED_TOKENS`.",
  simultaneousIssuerCalls:
    "Calls of the issuer at one time; one more is refused with 429. `LANYARD_SIMULTANEOUS_ISSUER_CALLS`.",
  issuerCallsPerSecond:
    "Token requests to the issuer in one second; one more is refused with 429. `LANYARD_ISSUER_CALLS_PER_SECOND`.",
  bypassesPerSecond:
    "Requests in one second that insist on a new token with `bypass_cache=true`; one more is refused with 429. `LANYARD_BYPASSES_PER_SECOND`.",
  idleSeconds: "A token that was not asked for during this time is no longer renewed. `LANYARD_IDLE_SECONDS`.",
  confirmSeconds:
    "A token from memory is served for this time before the issuer is asked whether it was revoked. `LANYARD_CONFIRM_SECONDS`.",
  leastTokenSeconds: "A token with less time left is not served; a new one is fetched.",
  issuerReplyBytes: "A longer reply of the issuer is dropped and counts as no answer.",
  issuerReplySeconds: "The issuer counts as unavailable after this time.",
  nameAttemptSeconds:
    "The first attempt by the issuer's name ends after this time if its address is known, which is then tried.",
  confirmationReplySeconds: "A confirmation that takes longer counts as no answer; the token from memory is served.",
  retryAfterSeconds: "A longer `Retry-After` of the issuer counts as this.",
  urlCharacters: "A longer URL is refused with 414 `UrlTooLong`.",
  valueCharacters: "A longer resource or id of an identity is refused with 400 `InvalidRequest`.",
  keptUrls: "URLs whose meaning is kept in memory; one more takes the place of the oldest.",
  requestHeaderBytes: "Longer headers are refused with 431.",
  refusalLinesPerSecond: "Log lines about refusals in one second; the next line counts those that were left out.",
  gateSeconds:
    "The gate waits for this time and then fails, so that the kubelet can delete the pod; the kubelet tries again. `LANYARD_GATE_SECONDS`.",
  statusReplySeconds: "One question of the gate to the process that serves; the gate asks again after it.",
  statusReplyBytes: "A longer answer to the gate is ignored.",
  livenessSeconds: "The liveness probe fails if the process that serves does not answer within this time.",
  drainSeconds:
    "A classic sidecar serves for this time after SIGTERM at most. The webhook sets it to the pod's grace period. `LANYARD_DRAIN_SECONDS`.",
  drainQuietSeconds:
    "A classic sidecar ends sooner once the pod's other containers have had no socket, and asked for no token, for this time.",
  secretReplyBytes: "A longer reply of a vault is dropped and counts as no answer.",
  secretReplySeconds: "A vault counts as unavailable after this time.",
  secretPollSeconds: "The longest time between two looks at a secret. `LANYARD_SECRET_POLL_SECONDS`.",
  secretRetryAfterSeconds: "A longer `Retry-After` of a vault counts as this.",
};

/** What one pod may hold and ask for. */
export type Limits = Readonly<Record<keyof typeof defaultLimits, number>>;

const { cachedTokens, simultaneousIssuerCalls, issuerCallsPerSecond, bypassesPerSecond } = sidecarLimits;
const { idleSeconds, confirmSeconds } = sidecarLimits;

export const defaultLimits = {
  ...{ cachedTokens, simultaneousIssuerCalls, issuerCallsPerSecond, bypassesPerSecond },
  ...{ idleSeconds, confirmSeconds },
};
