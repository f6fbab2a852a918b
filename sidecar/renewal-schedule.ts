import { servableUntil, type Token } from "./token.ts";

/** Room for a few failed renewals before a token may no longer be served. */
const MARGIN_MILLISECONDS = 60_000;
/** A token that is hardly servable is renewed no faster than this. */
const SHORTEST_DELAY_MILLISECONDS = 10_000;
const FIRST_BACKOFF_MILLISECONDS = 1000;
const LONGEST_BACKOFF_MILLISECONDS = 60_000;

/** When to renew a token: between 70 and 80 % of its life, so that many pods that started together drift apart. */
export function renewAt(token: Token, random: () => number): number {
  const obtainedAt = token.obtainedAt * 1000;
  const lifetime = token.expiresAt * 1000 - obtainedAt;
  const wanted = obtainedAt + lifetime * (0.7 + 0.1 * random());
  const latest = servableUntil(token) - MARGIN_MILLISECONDS;
  return Math.max(Math.min(wanted, latest), obtainedAt + SHORTEST_DELAY_MILLISECONDS);
}

/** Milliseconds to wait after so many failures in a row: doubling, with half of it left to chance. */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(FIRST_BACKOFF_MILLISECONDS * 2 ** failures, LONGEST_BACKOFF_MILLISECONDS);
  return full * (0.5 + 0.5 * random());
}
