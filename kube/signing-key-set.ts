import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from "jose";
import { type SigningAlgorithm, signingAlgorithms } from "../identity/protected-resource.ts";

/**
 * New private keys to sign access tokens with, one for each algorithm, as a JWK set: what a Secret or a file holds.
 * Whoever has it can sign for every identity.
 */
export async function generateSigningKeySet(): Promise<JSONWebKeySet> {
  return { keys: await Promise.all(signingAlgorithms.map(generate)) };
}

async function generate(algorithm: SigningAlgorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg: algorithm, kid: await calculateJwkThumbprint(jwk) };
}
