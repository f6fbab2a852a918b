import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clusterKeys } from "../../issuer/cluster-keys.ts";
import { subjectTokenVerifier } from "../../issuer/subject-token.ts";
import { CLUSTER_ISSUER, ClusterTokens } from "../support/cluster-tokens.ts";
import { settle } from "../support/fake-clock.ts";
import { CASES } from "../support/property.ts";
import { World } from "../support/world.ts";

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
  const options = { issuer: CLUSTER_ISSUER, keys: counted, clock: world.clock };
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

  test("while the cluster's keys cannot be read, the fault is not the pod's", async () => {
    const { world, mint } = await verifier();
    const keys = clusterKeys(() => Promise.reject(new Error("no answer")), world.clock);
    const verify = subjectTokenVerifier({ issuer: CLUSTER_ISSUER, keys, clock: world.clock });
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
