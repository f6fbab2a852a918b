import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe } from "vitest";
import type { KubeApi } from "../../kube/api.ts";
import { namespaces } from "../../kube/kinds.ts";
import { describeApply } from "./contract/apply.ts";
import { describeDeletion } from "./contract/deletion.ts";
import { describeObjects } from "./contract/objects.ts";
import { describeStatus } from "./contract/status.ts";
import { describeWatch } from "./contract/watch.ts";
import { namespaceNamed } from "./manifests.ts";

/** Where a test of the contract works: an API, and a namespace that is its own. */
export interface World {
  readonly api: KubeApi;
  readonly namespace: string;
}

/**
 * What every implementation of KubeApi must do, the in-memory one and the client of a real cluster alike. It therefore
 * waits for nothing but watches, and leaves behind nothing but what it deletes.
 */
export function describeKubeApi(name: string, makeApi: () => KubeApi | Promise<KubeApi>): void {
  describe(name, () => {
    let api: KubeApi;
    let namespace: string;
    const world = (): World => ({ api, namespace });

    beforeAll(async () => {
      api = await makeApi();
    });
    beforeEach(async () => {
      namespace = `contract-${randomUUID()}`;
      await api.create(namespaces, namespaceNamed(namespace));
    });
    afterEach(async () => {
      await api.delete(namespaces, { name: namespace });
    });

    describe("objects", () => describeObjects(world));
    describe("server-side apply", () => describeApply(world));
    describe("the status subresource", () => describeStatus(world));
    describe("deletion", () => describeDeletion(world));
    describe("watch", () => describeWatch(world));
  });
}
