import { describe, expect, test } from "vitest";
import { objectReader } from "../../issuer/object-reader.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { pods } from "../../kube/kinds.ts";
import { StatusError } from "../../kube/status-error.ts";
import { Store } from "../../kube/store.ts";
import { World } from "../support/world.ts";

/** The store stays as the test fills it, as if the watch lagged behind; API reads are counted. */
async function lagging() {
  const world = await World.create();
  await world.namespace("shop");
  const store = new Store<Pod>();
  const reads = { count: 0 };
  const api: KubeApi = Object.create(world.api, {
    get: {
      value: (...args: Parameters<KubeApi["get"]>) => {
        reads.count += 1;
        return world.api.get(...args);
      },
    },
  });
  return { world, store, reads, reader: objectReader(api, pods, store, world.clock) };
}

const key = { namespace: "shop", name: "a" };

describe("objectReader", () => {
  test("what the store holds costs no read", async () => {
    const { world, store, reads, reader } = await lagging();
    const pod = await world.pod("shop/a");
    store.upsert(pod);
    expect(await reader.read({ ...key, uid: pod.metadata.uid })).toBe(pod);
    expect(reads.count).toBe(0);
  });

  test("a pod that the watch has not told of yet is read from the API, once for all who ask", async () => {
    const { world, reads, reader } = await lagging();
    const { uid } = (await world.pod("shop/a")).metadata;
    const found = await Promise.all([reader.read({ ...key, uid }), reader.read({ ...key, uid })]);
    expect(found.map((pod) => pod?.metadata.uid)).toEqual([uid, uid]);
    expect(reads.count).toBe(1);
  });

  test("a pod made again under the name is found although the store holds the old one", async () => {
    const { world, store, reader } = await lagging();
    store.upsert(await world.pod("shop/a"));
    await world.delete(pods, "shop/a");
    const { uid } = (await world.pod("shop/a")).metadata;
    expect((await reader.read({ ...key, uid }))?.metadata.uid).toBe(uid);
  });

  test("who asks again and again for a pod that is gone does not reach the API each time", async () => {
    const { world, reads, reader } = await lagging();
    for (let count = 0; count < 5; count += 1) expect(await reader.read({ ...key, uid: "gone" })).toBeUndefined();
    expect(reads.count).toBe(1);
    await world.clock.advance(5_000);
    await reader.read({ ...key, uid: "gone" });
    expect(reads.count).toBe(2);
  });

  test("an object in the store that does not suit is read anew", async () => {
    const { world, store, reads, reader } = await lagging();
    const pod = await world.pod("shop/a");
    store.upsert({ ...pod, spec: { serviceAccountName: "default" } });
    const read = await reader.read({ ...key, uid: pod.metadata.uid }, ({ spec }) => spec.nodeName !== undefined);
    expect(read?.spec.nodeName).toBe("node-1");
    expect(reads.count).toBe(1);
  });

  test("an API server that cannot answer is not taken for an absence", async () => {
    const { world, store } = await lagging();
    const api: KubeApi = Object.create(world.api, {
      get: { value: () => Promise.reject(new StatusError("ServiceUnavailable", "later")) },
    });
    const reader = objectReader(api, pods, store, world.clock);
    await expect(reader.read({ ...key, uid: "x" })).rejects.toThrow("later");
  });
});
