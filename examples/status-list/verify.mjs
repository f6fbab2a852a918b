import { inflateSync } from "node:zlib";
import { createRemoteJWKSet, jwtVerify } from "jose";

const MOST_LISTS = 200;
const LONGEST_LIST_BYTES = 2 ** 20;
const algorithms = ["ES256", "RS256"];

/** Verifies access tokens by itself, and by the issuer's status lists whether they were revoked. Throws for any that is not good. */
export function verifier(issuer, audience) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/keys`));
  const lists = new Map();

  async function fetchList(uri) {
    const response = await fetch(uri, { redirect: "error", signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`the status list cannot be read: HTTP ${response.status}`);
    const expected = { issuer, subject: uri, algorithms, typ: "statuslist+jwt", requiredClaims: ["iat", "exp"] };
    const { payload } = await jwtVerify(await response.text(), keys, expected);
    if (payload.status_list?.bits !== 1) throw new Error("the status list is not one of single bits");
    const bits = inflateSync(Buffer.from(payload.status_list.lst, "base64url"), {
      maxOutputLength: LONGEST_LIST_BYTES,
    });
    const maxAge = Number(/max-age=(\d+)/.exec(response.headers.get("cache-control"))?.[1] ?? 0);
    if (lists.size >= MOST_LISTS) lists.clear();
    const list = { bits, issuedAt: payload.iat, freshUntil: Math.min(Date.now() + maxAge * 1000, payload.exp * 1000) };
    lists.set(uri, list);
    return list;
  }
  return async function verify(token) {
    const expected = { issuer, audience, algorithms, typ: "at+jwt", requiredClaims: ["sub", "iat", "exp"] };
    const { payload } = await jwtVerify(token, keys, expected);
    const { uri, idx } = placeOf(payload, issuer);
    const kept = lists.get(uri);
    // A list that is older than the token says nothing against it: the place may have been another's then.
    const isEnough = kept && Date.now() < kept.freshUntil && !(isRevoked(kept, idx) && kept.issuedAt < payload.iat);
    if (isRevoked(isEnough ? kept : await fetchList(uri), idx)) throw new Error("the token was revoked");
    return payload;
  };
}

function placeOf({ status }, issuer) {
  const { uri = "", idx } = status?.status_list ?? {};
  if (!uri.startsWith(`${issuer}/status-lists/`)) throw new Error("the token names no status list of its issuer");
  if (!Number.isInteger(idx)) throw new Error("the token has no place in its status list");
  return { uri, idx };
}

/** A place outside the list counts as revoked. */
function isRevoked({ bits }, idx) {
  return ((bits[Math.floor(idx / 8)] ?? 0xff) >> (idx & 7)) % 2 === 1;
}
