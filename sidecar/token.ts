import type { IdentitySelector } from "../identity/select-identity.ts";
import { sidecarLimits } from "./limits.ts";

/** What an application asked for: equal keys mean the same token. */
export interface TokenQuery {
  /** Exactly as asked, with or without a trailing slash: it becomes the `aud` of the token. */
  readonly audience: string;
  readonly selector: IdentitySelector;
  readonly key: string;
}

export interface Token {
  readonly jwt: string;
  readonly clientId: string;
  /** Whole seconds since the epoch, by this machine's clock. */
  readonly obtainedAt: number;
  readonly expiresAt: number;
}

export function tokenQuery(audience: string, selector: IdentitySelector): TokenQuery {
  const named = selector.by === "default" ? [] : [selector.by, selector.value];
  return { audience, selector, key: JSON.stringify([audience, ...named]) };
}

/**
 * Times are of this machine: clients compare them with its clock, which may differ from the issuer's. They count from
 * when the token was asked for, so that a slow reply never makes it seem to live longer than it does.
 */
export function tokenFrom(reply: { jwt: string; clientId: string; expiresInSeconds: number }, askedAt: number): Token {
  const obtainedAt = Math.floor(askedAt / 1000);
  return {
    jwt: reply.jwt,
    clientId: reply.clientId,
    obtainedAt,
    expiresAt: obtainedAt + Math.floor(reply.expiresInSeconds),
  };
}

/** `now` in milliseconds since the epoch. */
export function isServable(token: Token, now: number): boolean {
  return now <= servableUntil(token);
}

/** Milliseconds since the epoch. Clients ask again for a token that has less left, in a loop if it were served. */
export function servableUntil(token: Token): number {
  return (token.expiresAt - sidecarLimits.leastTokenSeconds) * 1000;
}
