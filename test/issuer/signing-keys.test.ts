import { calculateJwkThumbprint } from "jose";
import { describe, expect, test } from "vitest";
import { accessTokenVerifier } from "../../issuer/access-token.ts";
import {
  exportSigningKeys,
  generateSigningKeys,
  importSigningKeys,
  publicKeySet,
  type SigningKeys,
} from "../../issuer/signing-keys.ts";
import { signToken } from "../../issuer/steps/sign-token.ts";
import { FakeClock } from "../support/fake-clock.ts";

const keys: SigningKeys = await generateSigningKeys();

describe("signing keys", () => {
  test("RSA has 2048 bits, and every key id is the key's own thumbprint", async () => {
    for (const jwk of publicKeySet(keys).keys) expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk));
    const modulus = Buffer.from(keys.RS256.publicJwk.n ?? "", "base64url");
    expect(modulus.length * 8).toBe(2048);
  });

  test("survive export and import, with the same ids", async () => {
    const again = await importSigningKeys(JSON.parse(JSON.stringify(await exportSigningKeys(keys))));
    expect(publicKeySet(again)).toEqual(publicKeySet(keys));
  });

  test.each([
    { given: "an empty set", set: async () => ({ keys: [] }) },
    { given: "the public keys", set: async () => publicKeySet(keys) },
    { given: "one algorithm only", set: async () => ({ keys: (await exportSigningKeys(keys)).keys.slice(1) }) },
  ])("$given is no set to sign with", async ({ set }) => {
    await expect(importSigningKeys(await set())).rejects.toThrow("no private key for");
  });

  test("nothing private is published", () => {
    expect(JSON.stringify(publicKeySet(keys))).not.toMatch(/"(?:d|p|q|dp|dq|qi|k)":/);
  });
});

describe("accessTokenVerifier", () => {
  const issuer = "https://issuer.example";
  const clock = new FakeClock();
  const verify = accessTokenVerifier({ issuer, signingKeys: keys, clock });
  const seconds = Math.floor(clock.now() / 1000);
  const named = { name: "a", uid: "1" };
  const claims = {
    ...{ iss: issuer, aud: "https://a.svc", sub: "p", tid: "t", azp: "c", jti: "j" },
    ...{ iat: seconds, nbf: seconds, exp: seconds + 600 },
    "kubernetes.io": { namespace: "shop", pod: named, serviceaccount: named },
  };
  const sign = async (changes: object): Promise<string> =>
    (await signToken(keys)({ granted: { algorithm: "ES256", tokenType: "at+jwt" }, claims: { ...claims, ...changes } }))
      .accessToken;

  test("takes what the issuer signed", async () => {
    expect(await verify(await sign({}))).toMatchObject({ sub: "p" });
  });

  test.each([
    { given: "another issuer", changes: { iss: "https://other.example" } },
    { given: "an expired one", changes: { exp: seconds - 6 } },
    { given: "one that is not valid yet", changes: { nbf: seconds + 6 } },
  ])("takes no token of $given", async ({ changes }) => {
    expect(await verify(await sign(changes))).toBeUndefined();
  });
});
