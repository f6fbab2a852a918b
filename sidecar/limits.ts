/** What one pod may hold and ask for. */
export interface Limits {
  /** Tokens kept; the one not asked for the longest goes first. */
  readonly cachedTokens: number;
  readonly simultaneousIssuerCalls: number;
  /** Token requests per second, whatever becomes of them. */
  readonly issuerCallsPerSecond: number;
  /** Requests per second that may insist on a new token (bypass_cache=true). */
  readonly bypassesPerSecond: number;
  /** A token that was asked for within this time is renewed although nobody asked since its last renewal. */
  readonly idleSeconds: number;
  /** A kept token is served for so long before the issuer is asked whether it is still deserved: a revocation is to be felt within 5 s. */
  readonly confirmSeconds: number;
}

export const defaultLimits: Limits = {
  cachedTokens: 256,
  simultaneousIssuerCalls: 16,
  issuerCallsPerSecond: 50,
  bypassesPerSecond: 5,
  idleSeconds: 1800,
  confirmSeconds: 4,
};
