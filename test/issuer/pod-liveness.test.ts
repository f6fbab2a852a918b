import { describe, expect, test } from "vitest";
import { podLiveness } from "../../issuer/pod-liveness.ts";
import { type Pod, podSchema, type ServiceAccount, serviceAccountSchema } from "../../kube/core-objects.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const metadata = {
  namespace: "shop",
  name: "a",
  uid: "1",
  resourceVersion: "1",
  creationTimestamp: "2026-11-21T00:00:00Z",
};
const account: ServiceAccount = serviceAccountSchema.parse({ apiVersion: "v1", kind: "ServiceAccount", metadata });
const claimed = { namespace: "shop", pod: { name: "a", uid: "1" }, serviceAccount: { name: "a", uid: "1" }, node: "n" };

const podWith = (meta: object, spec: object = {}): Pod =>
  podSchema.parse({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, ...meta },
    spec: { serviceAccountName: "a", nodeName: "n", ...spec },
  });
const liveness = (pod: Pod) =>
  podLiveness(claimed, { pods: { read: async () => pod }, serviceAccounts: { read: async () => account } }, now);

describe("podLiveness", () => {
  test("a pod that is as its token says is alive", async () => {
    expect(await liveness(podWith({}))).toMatchObject({ kind: "alive" });
  });

  test("a pod that is shutting down may have tokens while its grace period lasts", async () => {
    expect(await liveness(podWith({ deletionTimestamp: "2026-11-21T12:00:30Z" }))).toMatchObject({ kind: "alive" });
  });

  test("a pod whose grace period is over has ended", async () => {
    const ended = await liveness(podWith({ deletionTimestamp: "2026-11-21T12:00:00Z" }));
    expect(ended).toMatchObject({ refusal: { code: "PodTerminated" } });
  });

  test("a pod that runs nowhere did not get a token that names a node", async () => {
    expect(await liveness(podWith({}, { nodeName: undefined }))).toMatchObject({
      refusal: { code: "PodNotScheduled" },
    });
  });
});
