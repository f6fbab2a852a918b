import fc from "fast-check";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { clusterKeys } from "../../issuer/cluster-keys.ts";
import { clusterAlgorithms, subjectTokenVerifier } from "../../issuer/subject-token.ts";
import { CLUSTER_ISSUER, ClusterTokens } from "../support/cluster-tokens.ts";
import { settle } from "../support/fake-clock.ts";
import { CASES } from "../support/property.ts";
import { World } from "../support/world.ts";

const ownIssuer = { accepts: async (issuer: string) => issuer === CLUSTER_ISSUER };

/** A verifier, and a token that it takes; `published` is what the cluster says its keys are. */
async function verifier(mostRemembered?: number) {
  const world = await World.create();
  await world.namespace("shop");
  const account = await world.serviceAccount("shop/orders");
  const pod = await world.pod("shop/orders-1", { serviceAccount: "orders" });
  const tokens = await ClusterTokens.create(world.clock);
  const published = { keys: tokens.keySet };
  const lookups = { count: 0 };
  const keys = clusterKeys(async () => published.keys, world.clock);
  const counted: typeof keys = {
    version: keys.version,
    keyFor: (header, token) => {
      lookups.count += 1;
      return keys.keyFor(header, token);
    },
  };
  const options = { issuers: ownIssuer, keys: counted, clock: world.clock };
  const verify = subjectTokenVerifier(mostRemembered === undefined ? options : { ...options, mostRemembered });
  const mint = (claims: object = {}) => tokens.mintPodToken(pod, account, { claims });
  return { world, pod, account, published, lookups, verify, mint, keys };
}

const code = async (result: ReturnType<Awaited<ReturnType<typeof verifier>>["verify"]>) => {
  const settled = await result;
  return settled.kind === "refused" ? settled.refusal.code : settled.kind;
};

describe("subjectTokenVerifier", () => {
  test("gives the pod that the token is bound to", async () => {
    const { verify, mint, pod, account } = await verifier();
    expect(await verify(await mint())).toEqual({
      kind: "verified",
      pod: {
        namespace: "shop",
        pod: { name: "orders-1", uid: pod.metadata.uid },
        serviceAccount: { name: "orders", uid: account.metadata.uid },
        node: "node-1",
      },
    });
  });

  test("a good token is verified once, until it expires", async () => {
    const { verify, mint, lookups, world } = await verifier();
    await verify(await mint({ jti: "the one that the keys are fetched for" }));
    const token = await mint();
    for (let count = 0; count < 3; count += 1) expect(await code(verify(token))).toBe("verified");
    expect(lookups.count).toBe(2);
    await world.clock.advance(3_606_000);
    expect(await code(verify(token))).toBe("SubjectTokenExpired");
  });

  test("what was verified with a key that the cluster took away is forgotten", async () => {
    const { verify, mint, world, published, keys } = await verifier();
    const token = await mint();
    expect(await code(verify(token))).toBe("verified");
    published.keys = { keys: [] };
    await world.clock.advance(300_000);
    await verify(await mint({ jti: "another" }));
    await settle();
    expect(keys.version()).toBe(2);
    expect(await code(verify(token))).toBe("SubjectTokenInvalid");
  });

  test("how many are remembered is bounded", async () => {
    const { verify, mint, lookups } = await verifier(2);
    const minted = await Promise.all(["a", "b", "c"].map((jti) => mint({ jti })));
    for (const token of minted) await verify(token);
    await verify(minted[2] ?? "");
    expect(lookups.count).toBe(3);
    await verify(minted[0] ?? "");
    expect(lookups.count).toBe(4);
  });

  test("a remembered token is worth nothing once its issuer is accepted no more", async () => {
    const { world, mint, keys } = await verifier();
    let accepted = [CLUSTER_ISSUER];
    const issuers = { accepts: async (issuer: string) => accepted.includes(issuer) };
    const verify = subjectTokenVerifier({ issuers, keys, clock: world.clock });
    const token = await mint();
    expect(await code(verify(token))).toBe("verified");
    accepted = [];
    expect(await code(verify(token))).toBe("SubjectTokenIssuer");
  });

  test("nobody is asked about the issuer of a token that is no good otherwise", async () => {
    const { world, mint, keys } = await verifier();
    const asked: string[] = [];
    const issuers = { accepts: async (issuer: string) => asked.push(issuer) > 0 };
    const verify = subjectTokenVerifier({ issuers, keys, clock: world.clock });
    const now = Math.floor(world.clock.now() / 1000);
    const bad = [{ exp: now - 60 }, { aud: ["https://other.svc"] }, { "kubernetes.io": undefined }, { sub: "other" }];
    for (const claims of bad) await verify(await mint({ iss: "https://unknown.example", ...claims }));
    await verify((await mint()).replace(/.{10}$/, "x".repeat(10)));
    expect(asked).toEqual([]);
  });

  test("while the cluster's keys cannot be read, the fault is not the pod's", async () => {
    const { world, mint } = await verifier();
    const keys = clusterKeys(() => Promise.reject(new Error("no answer")), world.clock);
    const verify = subjectTokenVerifier({ issuers: ownIssuer, keys, clock: world.clock });
    expect(await code(verify(await mint()))).toBe("ClusterKeysUnavailable");
  });

  test(`none of ${CASES} things that are no token is taken, or makes it throw`, async () => {
    const { verify, mint } = await verifier();
    const parts = (await mint()).split(".");
    const part = fc.oneof(
      fc.constantFrom(...parts),
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString("base64url")),
    );
    const broken = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(part, { maxLength: 6 }).map((given) => given.join(".")),
    );
    const isBroken = broken.filter((text) => text !== parts.join("."));
    await fc.assert(
      fc.asyncProperty(isBroken, async (text) => (await verify(text)).kind === "refused"),
      { numRuns: CASES },
    );
  });
});

describe("the algorithms of a cluster's keys", () => {
  const account = { issuers: ownIssuer };
  const keyed = async (algorithm: string, curve?: string) => {
    const pair = await generateKeyPair(algorithm, {
      extractable: true,
      ...(curve === undefined ? {} : { crv: curve }),
    });
    const jwk = await exportJWK(pair.publicKey);
    return { ...pair, jwk: { ...jwk, kid: "cluster" } as JWK };
  };
  const sign = async (world: World, alg: string, key: CryptoKey) => {
    const tokens = await ClusterTokens.create(world.clock);
    await world.namespace("shop");
    const pod = await world.pod("shop/orders-1", { serviceAccount: "orders" });
    const claims = tokens.claims(pod, await world.serviceAccount("shop/orders"));
    return new SignJWT(claims).setProtectedHeader({ alg, kid: "cluster" }).sign(key);
  };
  const outcome = async (alg: string, { privateKey, jwk }: Awaited<ReturnType<typeof keyed>>) => {
    const world = await World.create();
    const keys = clusterKeys(async () => ({ keys: [jwk] }), world.clock);
    const verify = subjectTokenVerifier({ ...account, keys, clock: world.clock });
    return code(verify(await sign(world, alg, privateKey)));
  };

  test.each(clusterAlgorithms)(
    "a token signed with %s is good, whether or not the key names its algorithm",
    async (alg) => {
      const key = await keyed(alg);
      expect(await outcome(alg, key)).toBe("verified");
      expect(await outcome(alg, { ...key, jwk: { ...key.jwk, alg } })).toBe("verified");
    },
  );

  test.each([
    ["RS256", "PS256"],
    ["RS256", "RS512"],
    ["PS384", "RS384"],
  ])("a key that is for %s verifies no %s", async (published, used) => {
    const [own, other] = [await keyed(published), await keyed(used)];
    const jwk = { ...(await exportJWK(other.publicKey)), kid: "cluster", alg: published };
    expect(await outcome(used, { ...own, privateKey: other.privateKey, jwk })).toBe("SubjectTokenInvalid");
  });

  test.each([
    ["ES256", "ES384"],
    ["ES384", "ES512"],
    ["RS256", "ES256"],
    ["ES256", "RS256"],
  ])("a key of the type of %s is not chosen for %s", async (published, used) => {
    const [own, other] = [await keyed(published), await keyed(used)];
    expect(await outcome(used, { ...own, privateKey: other.privateKey })).toBe("SubjectTokenInvalid");
  });

  test("an Ed25519 key, with which no API server can sign, is not taken", async () => {
    expect(await outcome("EdDSA", await keyed("EdDSA", "Ed25519"))).toBe("SubjectTokenInvalid");
  });
});
