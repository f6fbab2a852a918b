import { type CryptoKey, calculateJwkThumbprint, exportJWK, importJWK, type JSONWebKeySet, type JWK } from "jose";
import { type SigningAlgorithm, signingAlgorithms } from "../identity/protected-resource.ts";
import { generateSigningKeySet } from "../kube/signing-key-set.ts";

/** A key that signs. It stays imported: parsing it for each signature would halve the rate. */
export interface SigningKey {
  /** RFC 7638: the key's own thumbprint, so that two keys never share a name. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: CryptoKey;
  /** Public members only, with `kid`, `alg` and `use`. */
  readonly publicJwk: JWK;
}

/** One key for each algorithm that a ProtectedResource can ask for. */
export type SigningKeys = Readonly<Record<SigningAlgorithm, SigningKey>>;

export async function generateSigningKeys(): Promise<SigningKeys> {
  return importSigningKeys(await generateSigningKeySet());
}

/** From what `generateSigningKeySet` made or `exportSigningKeys` gave. Rejects when a key for an algorithm is missing or is not private. */
export async function importSigningKeys({ keys }: JSONWebKeySet): Promise<SigningKeys> {
  const [RS256, ES256] = await Promise.all([fromJwk(keys, "RS256"), fromJwk(keys, "ES256")]);
  return { RS256, ES256 };
}

/** The private keys as a JWK set: whoever has it can sign for every identity. */
export async function exportSigningKeys(keys: SigningKeys): Promise<JSONWebKeySet> {
  return {
    keys: await Promise.all(
      signingAlgorithms.map(async (algorithm) => ({
        ...(await exportJWK(keys[algorithm].privateKey)),
        alg: algorithm,
        kid: keys[algorithm].kid,
      })),
    ),
  };
}

/** What verifiers get. */
export function publicKeySet(keys: SigningKeys): JSONWebKeySet {
  return { keys: signingAlgorithms.map((algorithm) => keys[algorithm].publicJwk) };
}

async function fromJwk(keys: readonly JWK[], algorithm: SigningAlgorithm): Promise<SigningKey> {
  const jwk = keys.find(({ alg, d }) => alg === algorithm && d !== undefined);
  if (jwk === undefined) throw new Error(`the key set has no private key for ${algorithm}`);
  const key = await importJWK(jwk, algorithm, { extractable: true });
  if (key instanceof Uint8Array) throw new Error(`the key for ${algorithm} is a shared secret`);
  return signingKey(algorithm, key);
}

async function signingKey(algorithm: SigningAlgorithm, privateKey: CryptoKey): Promise<SigningKey> {
  const publicMembers = withoutPrivate(await exportJWK(privateKey));
  const kid = await calculateJwkThumbprint(publicMembers);
  return { kid, algorithm, privateKey, publicJwk: { ...publicMembers, kid, alg: algorithm, use: "sig" } };
}

/** RFC 7518 §6: what is not named here is private, or may be one day. */
function withoutPrivate({ kty = "", n, e, crv, x, y }: JWK): JWK {
  const members = { kty, n, e, crv, x, y };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
