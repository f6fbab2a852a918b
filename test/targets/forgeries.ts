import {
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import type { SigningKeys } from "../../issuer/signing-keys.ts";

/** A genuine token, what signed it, and now in seconds since the epoch. */
export interface Genuine {
  readonly token: string;
  readonly keys: SigningKeys;
  readonly now: number;
}

type Forge = (claims: JWTPayload, genuine: Genuine) => Promise<string>;

const HOUR_SECONDS = 3600;

/** Tokens that are wrong in one thing each. Where the signature is not that thing, the issuer's own key made it. */
export const forgeries = {
  "has expired": (claims, genuine) => sign({ ...claims, exp: genuine.now - HOUR_SECONDS }, genuine),
  "is not good yet": (claims, genuine) => sign({ ...claims, nbf: genuine.now + HOUR_SECONDS }, genuine),
  "says another issuer": (claims, genuine) => sign({ ...claims, iss: "https://issuer.example.com" }, genuine),
  "is for another audience": (claims, genuine) => sign({ ...claims, aud: "https://another.another.svc" }, genuine),
  "is not an access token": (claims, genuine) => sign(claims, genuine, { typ: anotherType(genuine) }),
  "is signed by another key under the issuer's key id": async (claims, genuine) =>
    sign(claims, genuine, { privateKey: await anotherKey() }),
  "is signed by a key that the issuer never published": async (claims, genuine) =>
    sign(claims, genuine, { privateKey: await anotherKey(), kid: "nobody-knows-it" }),
  "is signed by the issuer's key of another algorithm": (claims, genuine) => sign(claims, genuine, genuine.keys.ES256),
  "is signed with the public key as a shared secret": signedWithPublicKey,
  "is not signed": (claims) => Promise.resolve(new UnsecuredJWT(claims).encode()),
  "was changed after it was signed": (claims, { token }) => Promise.resolve(changed(token, claims)),
} as const satisfies Readonly<Record<string, Forge>>;

export type ForgeryName = keyof typeof forgeries;

export function forge(name: ForgeryName, genuine: Genuine): Promise<string> {
  return forgeries[name](decodeJwt(genuine.token), genuine);
}

/** What the issuer could say as well, of another caller. */
export function withClaims(claims: JWTPayload, genuine: Genuine): Promise<string> {
  return sign({ ...decodeJwt(genuine.token), ...claims }, genuine);
}

interface Different {
  readonly algorithm?: string;
  readonly privateKey?: CryptoKey;
  readonly kid?: string;
  readonly typ?: string;
}

function sign(claims: JWTPayload, genuine: Genuine, different: Different = {}): Promise<string> {
  const { algorithm, kid, privateKey, typ } = { ...genuine.keys.RS256, typ: typeOf(genuine), ...different };
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid, typ }).sign(privateKey);
}

const typeOf = ({ token }: Genuine): string => decodeProtectedHeader(token).typ ?? "";

/** Of another type than the resource's access tokens: one that ID tokens have, or that status lists have. */
const anotherType = (genuine: Genuine): string => (typeOf(genuine) === "JWT" ? "statuslist+jwt" : "JWT");

async function anotherKey(): Promise<CryptoKey> {
  return (await generateKeyPair("RS256")).privateKey;
}

/** A verifier that lets the token choose the algorithm would use the public key as an HMAC's: RFC 8725 §2.1. */
async function signedWithPublicKey(claims: JWTPayload, genuine: Genuine): Promise<string> {
  const { RS256 } = genuine.keys;
  const publicKey = await importJWK(RS256.publicJwk, "RS256", { extractable: true });
  if (publicKey instanceof Uint8Array) throw new Error("an RSA key is no shared secret");
  const secret = new TextEncoder().encode(await exportSPKI(publicKey));
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: RS256.kid, typ: typeOf(genuine) }).sign(secret);
}

function changed(token: string, claims: JWTPayload): string {
  const [header, , signature] = token.split(".");
  const payload = Buffer.from(JSON.stringify({ ...claims, sub: "somebody-else" })).toString("base64url");
  return [header, payload, signature].join(".");
}
