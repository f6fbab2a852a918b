import type { TokenRevocation } from "./token-revocation.ts";

/**
 * A token is older than a revocation when its issuer did not know of the revocation yet. That is what is asked, and not
 * which of two times is earlier: `iat` counts whole seconds of the issuer's clock, and `creationTimestamp` those of the
 * API server's, so that no comparison of the two could tell a token issued right before from one issued right after.
 *
 * So a token names the revocations of its identity and pod that were known when it was issued: how late the latest of
 * them was created, and each that was created in the minute before. Whatever is older was certainly known as well.
 */
const MINUTE_SECONDS = 60;
/** Who revokes faster makes their own newest tokens worthless for a minute; no token grows beyond bounds. */
const MOST_NAMED = 16;
const knownPattern = /^\d{1,12}(?:\.[\da-f]{12}){1,16}$/;

/** Of a revocation: even of one whose content cannot be read, this can. */
export interface RevocationTime {
  readonly metadata: Pick<TokenRevocation["metadata"], "uid" | "creationTimestamp">;
}

/** What a token says of the revocations that its issuer knows now; undefined when there are none, as is usual. */
export function knownRevocations(revocations: readonly RevocationTime[]): string | undefined {
  if (revocations.length === 0) return undefined;
  const timed = revocations.map((revocation) => ({ revocation, at: createdAt(revocation) }));
  const latest = timed.reduce((most, { at }) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  const named = timed.filter(({ at }) => at >= latest - MINUTE_SECONDS);
  const newestFirst = named.toSorted((a, b) => b.at - a.at).map(({ revocation }) => revocation);
  return [latest, ...newestFirst.slice(0, MOST_NAMED).map(shortId).sort()].join(".");
}

/** Whether a token that says this was issued in the knowledge of a revocation. What cannot be read knows of none. */
export function isKnown(revocation: RevocationTime, known: string | undefined): boolean {
  if (known === undefined || !knownPattern.test(known)) return false;
  const [latest, ...named] = known.split(".");
  return createdAt(revocation) < Number(latest) - MINUTE_SECONDS || named.includes(shortId(revocation));
}

/** Seconds since the epoch. */
const createdAt = ({ metadata }: RevocationTime): number => Math.floor(Date.parse(metadata.creationTimestamp) / 1000);

/** Of the object's UID, which nobody chooses: 48 bits of it tell apart what was created within a minute. */
const shortId = ({ metadata }: RevocationTime): string => metadata.uid.replaceAll("-", "").slice(0, 12);
