import { describe, expect, test } from "vitest";
import { customOwners } from "../../issuer/custom-owners.ts";
import { issuerLimits } from "../../issuer/limits.ts";
import type { ObjectReader } from "../../issuer/object-reader.ts";
import { OwnerMemory } from "../../issuer/owner-memory.ts";
import type { KubeApi } from "../../kube/api.ts";
import { customWorkload } from "../../kube/custom-workloads.ts";
import type { KubeObject } from "../../kube/kind.ts";
import { allKinds, namespaces } from "../../kube/kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { StatusError } from "../../kube/status-error.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const rolloutKind = () => customWorkload("argoproj.io/v1alpha1", "Rollout", "rollouts");
const rollouts = rolloutKind();
type Get = (read: () => Promise<KubeObject>) => Promise<KubeObject>;

/** Rollout shop/web, and an API server that counts its reads and answers as `state.get` says. */
async function rollout() {
  const clock = new FakeClock();
  const memory = new InMemoryApi({ kinds: [...allKinds, rollouts], clock });
  await memory.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  const create = () =>
    memory.create(rollouts, {
      ...{ apiVersion: rollouts.apiVersion, kind: rollouts.kind },
      metadata: { namespace: "shop", name: "web" },
    });
  const { uid } = (await create()).metadata;
  const state: { reads: number; get: Get } = { reads: 0, get: (read) => read() };
  const api: KubeApi = Object.create(memory, {
    get: {
      value(...args: Parameters<KubeApi["get"]>) {
        state.reads += 1;
        return state.get(() => memory.get(...args));
      },
    },
  });
  const owners = customOwners({ api, clock, kinds: () => [rolloutKind()] });
  const read = async () =>
    (await owners.readerOf(rollouts)?.read({ namespace: "shop", name: "web", uid }))?.metadata.uid;
  return { clock, state, uid, read, remove: () => memory.delete(rollouts, { namespace: "shop", name: "web" }) };
}

const away: Get = () => Promise.reject(new StatusError("ServiceUnavailable", "away"));

describe("a controller of a kind from the chart value workloads", () => {
  test("is read once for 1,000 requests, also when discovery runs in between", async () => {
    const { state, uid, read } = await rollout();
    for (let count = 0; count < 1_000; count += 1) expect(await read()).toBe(uid);
    expect(state.reads).toBe(1);
  });

  test("is read again once it is 5 s old, so that its deletion is noticed", async () => {
    const { clock, read, remove, uid } = await rollout();
    await read();
    await remove();
    expect(await read()).toBe(uid);
    await clock.advance(issuerLimits.ownerFreshMs);
    expect(await read()).toBeUndefined();
  });

  test("stays in use while the API server is away, which is asked once per 5 s", async () => {
    const { clock, state, read, uid } = await rollout();
    await read();
    state.get = away;
    await clock.advance(3_600_000);
    for (let count = 0; count < 10; count += 1) expect(await read()).toBe(uid);
    expect(state.reads).toBe(2);
  });

  test("is checked again as soon as the API server is back", async () => {
    const { clock, state, read, remove, uid } = await rollout();
    await read();
    state.get = away;
    await clock.advance(issuerLimits.ownerFreshMs);
    expect(await read()).toBe(uid);
    await remove();
    state.get = (get) => get();
    await clock.advance(issuerLimits.ownerFreshMs);
    expect(await read()).toBeUndefined();
  });

  test("is used after a second if the API server does not answer; a late answer still counts", async () => {
    const { clock, state, read, remove, uid } = await rollout();
    await read();
    const answer = Promise.withResolvers<void>();
    state.get = (get) => answer.promise.then(get);
    await clock.advance(issuerLimits.ownerFreshMs);
    const asked = read();
    await clock.advance(issuerLimits.ownerAnswerMs);
    expect(await asked).toBe(uid);
    await remove();
    answer.resolve();
    await settle();
    expect(await read()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test("that was never read is not assumed to exist", async () => {
    const { state, read } = await rollout();
    state.get = away;
    await expect(read()).rejects.toThrow("away");
  });
});

test("at most 5,000 controllers are remembered, without what may be long", async () => {
  const reader: ObjectReader<KubeObject> = {
    async read({ namespace, name, uid }) {
      const times = { resourceVersion: "1", creationTimestamp: "2026-12-01T00:00:00Z" };
      const metadata = { namespace, name, uid, ...times, annotations: { long: "x" } };
      return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata };
    },
  };
  const memory = new OwnerMemory(new FakeClock());
  const remembering = memory.inFrontOf(reader, "rollouts");
  for (let at = 0; at < 5_100; at += 1) await remembering.read({ namespace: "shop", name: `r${at}`, uid: `u${at}` });
  expect(memory.size).toBe(5_000);
  const again = await remembering.read({ namespace: "shop", name: "r5099", uid: "u5099" });
  expect(again?.metadata.annotations).toBeUndefined();
});
