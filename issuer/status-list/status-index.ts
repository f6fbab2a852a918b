import { hash } from "node:crypto";

/** 128 KiB, of which deflate makes a few hundred bytes, since nearly all of it is alike. */
export const STATUS_LIST_BITS = 2 ** 20;

/** A pod's tokens take turns, so that one of them can be revoked and the next is not. */
const INDEXES_OF_A_POD = 5;
/** Places are found by then, unless somebody has revoked nearly every token that there could be. */
const MOST_TRIED = 64;
const BYTES_OF_A_WORD = 4;

/**
 * Where the tokens of a pod stand in a list: at pseudo-random places that follow from its UID, so that every issuer
 * gives the same without asking the others. Those that are taken by a revoked token are passed over.
 */
export function podIndexes(uid: string, revoked: ReadonlySet<number>): number[] {
  const free = places(uid).filter((place) => !revoked.has(place));
  return free.take(INDEXES_OF_A_POD).toArray();
}

/** As many as are tried. */
function* places(uid: string): Generator<number, void> {
  for (let tried = 0; tried < MOST_TRIED; ) {
    const digest = hash("sha256", `${uid}.${tried}`, "buffer");
    for (let at = 0; at < digest.length; at += BYTES_OF_A_WORD) {
      yield digest.readUInt32BE(at) % STATUS_LIST_BITS;
      tried++;
    }
  }
}

/** A token is renewed in the second half of its life: two to four quarters of it later, so that five turns suffice. */
export function turnOf({ issuedAt, lifetimeSeconds }: { issuedAt: number; lifetimeSeconds: number }): number {
  return Math.floor((issuedAt * 4) / lifetimeSeconds) % INDEXES_OF_A_POD;
}

/** The `jti` carries the index, so that a token can be revoked by its id alone. */
export function tokenIdWith(id: string, index: number): string {
  return `${id}.${index.toString(36)}`;
}

/** Undefined for the id of a token that is in no list. */
export function indexInTokenId(jti: string): number | undefined {
  const [, digits] = /\.([\da-z]{1,4})$/.exec(jti) ?? [];
  const index = digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  return index < STATUS_LIST_BITS ? index : undefined;
}
