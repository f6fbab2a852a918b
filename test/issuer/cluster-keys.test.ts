import { exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { type ClusterKeys, clusterKeys } from "../../issuer/cluster-keys.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

interface TestKey {
  readonly token: string;
  readonly set: JSONWebKeySet;
}

async function testKey(kid: string): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const token = await new SignJWT({}).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
  return { token, set: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "ES256" }] } };
}

let first: TestKey;
let second: TestKey;
beforeAll(async () => {
  [first, second] = await Promise.all([testKey("first"), testKey("second")]);
});

const verifies = (keys: ClusterKeys, { token }: TestKey): Promise<boolean> =>
  jwtVerify(token, keys.keyFor).then(
    () => true,
    () => false,
  );

/** A cluster whose published keys a test changes, and which counts how often they were fetched. */
function cluster(published: () => JSONWebKeySet) {
  const clock = new FakeClock();
  const fetches = { count: 0 };
  const keys = clusterKeys(async () => {
    fetches.count += 1;
    return published();
  }, clock);
  return { clock, fetches, keys };
}

describe("clusterKeys", () => {
  test("fetches once for many tokens", async () => {
    const { keys, fetches } = cluster(() => first.set);
    expect(await Promise.all([verifies(keys, first), verifies(keys, first)])).toEqual([true, true]);
    expect(fetches.count).toBe(1);
  });

  test("an unknown key id fetches again, but not more than once in ten seconds", async () => {
    let published = first.set;
    const { keys, fetches, clock } = cluster(() => published);
    expect(await verifies(keys, first)).toBe(true);
    published = second.set;
    expect(await verifies(keys, second)).toBe(false);
    await clock.advance(10_000);
    expect(await verifies(keys, second)).toBe(true);
    for (let count = 0; count < 5; count += 1) expect(await verifies(keys, first)).toBe(false);
    expect(fetches.count).toBe(2);
  });

  test("a key that was taken away stops counting, and the version moves on", async () => {
    let published = first.set;
    const { keys, clock } = cluster(() => published);
    expect(await verifies(keys, first)).toBe(true);
    const before = keys.version();
    published = second.set;
    await clock.advance(300_000);
    await verifies(keys, first);
    await settle();
    expect(await verifies(keys, first)).toBe(false);
    expect(keys.version()).toBe(before + 1);
  });

  test("while the cluster cannot say, the keys that were read last go on", async () => {
    let fail = false;
    const { keys, clock } = cluster(() => {
      if (fail) throw new Error("no answer");
      return first.set;
    });
    expect(await verifies(keys, first)).toBe(true);
    fail = true;
    await clock.advance(3_600_000);
    expect(await verifies(keys, first)).toBe(true);
  });

  test("without any keys nothing verifies, and the cluster is not asked at every request", async () => {
    const { keys, fetches } = cluster(() => {
      throw new Error("no answer");
    });
    for (let count = 0; count < 5; count += 1) expect(await verifies(keys, first)).toBe(false);
    expect(fetches.count).toBe(1);
  });
});
