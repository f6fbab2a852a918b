import type { Confirmation } from "./confirmation.ts";
import type { Refusal } from "./refusals.ts";
import type { TokenQuery } from "./token.ts";

/** What a pod asks its issuer; neither rejects. */
export interface IssuerClient {
  requestToken(query: TokenQuery): Promise<IssuerReply>;
  /** Whether this pod may use any identity at all. */
  checkIdentities(): Promise<IdentityReply>;
  /** Whether a token that this pod was given is still what it would be given. */
  confirmToken(jwt: string): Promise<Confirmation>;
}

export type IssuerReply = TokenReply | NoSuccess;

export type IdentityReply = { readonly kind: "confirmed" } | NoSuccess;

export interface TokenReply {
  readonly kind: "token";
  readonly jwt: string;
  readonly clientId: string;
  /** Finite and above zero. */
  readonly expiresInSeconds: number;
}

/** What the issuer may answer to anything. */
export type NoSuccess =
  /** A decision: this must not be had. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Not now: no request before this time has passed. */
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number }
  /** No decision: no connection, no time left, or an answer that is not the issuer's. */
  | { readonly kind: "unavailable"; readonly detail: string };
