import { hash } from "node:crypto";
import { STATUS_LIST_BITS } from "../../identity/token-id.ts";

/** A pod's tokens take turns, so that one of them can be revoked and the next is not. */
const TURNS = [0, 1, 2, 3, 4];
/** For tokens whose turn's own place a revoked token has. */
const SPARES = [5, 6, 7];
const BYTES_OF_A_WORD = 4;

/**
 * Where the tokens of a pod stand in a list: at pseudo-random places that follow from its UID alone. So every issuer
 * gives the same without asking the others, and a token keeps its place when a revocation of another comes or goes.
 */
export function podIndexes(uid: string): number[] {
  const digest = digestOf(uid);
  return [...TURNS, ...SPARES].map((at) => placeIn(digest, at));
}

/** The place of a new token. Somebody who has revoked them all gets one that is revoked: it is good at introspection alone. */
export function tokenIndex(uid: string, turn: number, revoked: ReadonlySet<number>): number {
  const digest = digestOf(uid);
  for (const at of [turn, ...SPARES, ...TURNS]) {
    const place = placeIn(digest, at);
    if (!revoked.has(place)) return place;
  }
  return placeIn(digest, turn);
}

const digestOf = (uid: string): Buffer => hash("sha256", uid, "buffer");
const placeIn = (digest: Buffer, at: number): number => digest.readUInt32BE(at * BYTES_OF_A_WORD) % STATUS_LIST_BITS;

/** A token is renewed in the second half of its life: two to four quarters of it later, so that five turns suffice. */
export function turnOf({ issuedAt, lifetimeSeconds }: { issuedAt: number; lifetimeSeconds: number }): number {
  return Math.floor((issuedAt * 4) / lifetimeSeconds) % TURNS.length;
}
