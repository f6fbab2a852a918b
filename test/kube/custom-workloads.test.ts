import { expect, test } from "vitest";
import { customWorkload, discoverKind, discoverWorkloads } from "../../kube/custom-workloads.ts";
import { StatusError } from "../../kube/status-error.ts";

const documents: Readonly<Record<string, unknown>> = {
  "/apis/argoproj.io": { preferredVersion: { groupVersion: "argoproj.io/v1alpha1" } },
  "/apis/argoproj.io/v1alpha1": {
    resources: [
      { name: "rollouts", kind: "Rollout", namespaced: true },
      { name: "rollouts/status", kind: "Rollout", namespaced: true },
      { name: "clusterthings", kind: "ClusterThing", namespaced: false },
    ],
  },
  "/apis/batch.volcano.sh": { preferredVersion: { groupVersion: "batch.volcano.sh/v1alpha1" } },
  "/apis/batch.volcano.sh/v1alpha1": { resources: [{ name: "jobs", kind: "Job", namespaced: true }] },
};
const raw = async (path: string): Promise<unknown> => {
  if (documents[path] === undefined) throw new StatusError("NotFound", "the server could not find it");
  return documents[path];
};

test("finds the kind and the preferred version of a resource", async () => {
  const { kinds, left } = await discoverWorkloads(raw, [{ apiGroup: "argoproj.io", resource: "rollouts" }]);
  expect(kinds).toMatchObject([
    { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", plural: "rollouts", namespaced: true },
  ]);
  expect(left).toEqual([]);
});

test.each([
  ["serving.knative.dev", "services", /does not serve serving\.knative\.dev/],
  ["argoproj.io", "rollout", /has no rollout$/],
  ["argoproj.io", "clusterthings", /not namespaced/],
  ["batch.volcano.sh", "jobs", /another workload has the kind Job/],
])("leaves %s %s, and says why", async (apiGroup, resource, why) => {
  const { kinds, left } = await discoverWorkloads(raw, [{ apiGroup, resource }]);
  expect(kinds).toEqual([]);
  expect(left).toMatchObject([{ why: expect.stringMatching(why) }]);
});

test("of two with one kind, the first is taken", async () => {
  const rollouts = { apiGroup: "argoproj.io", resource: "rollouts" };
  const { kinds, left } = await discoverWorkloads(raw, [rollouts, rollouts]);
  expect([kinds.length, left.length]).toEqual([1, 1]);
});

test("looks at no more than a bounded number", async () => {
  let asked = 0;
  const counting = async (): Promise<never> => {
    asked++;
    throw new StatusError("NotFound", "none");
  };
  await discoverWorkloads(
    counting,
    Array.from({ length: 1_000 }, (_, at) => ({ apiGroup: `g${at}.test`, resource: "r" })),
  );
  expect(asked).toBe(32);
});

const metadata = {
  ...{ name: "web", namespace: "shop", uid: "1", resourceVersion: "1", creationTimestamp: "2026-12-01T00:00:00Z" },
};

test.each([
  [
    "a template",
    { template: { metadata: { annotations: { a: "b" } } } },
    { template: { metadata: { annotations: { a: "b" } } } },
  ],
  ["a spec that no workload has", { template: "inline", workers: [1, 2] }, undefined],
])("an object with %s is read", (_, spec, expected) => {
  const kind = customWorkload("argoproj.io/v1alpha1", "Rollout", "rollouts");
  const object = kind.parse({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata, spec });
  expect(object).toMatchObject({ kind: "Rollout", metadata: { name: "web" } });
  expect((object as { spec?: unknown }).spec).toEqual(expected);
});

test.each([
  ["argoproj.io/v1alpha1", "Rollout", "rollouts"],
  ["argoproj.io/v1", "Rollout", "rollouts"],
  ["argoproj.io/v1alpha1", "ClusterThing", undefined],
  ["argoproj.io/v1alpha1", "Workflow", undefined],
  ["serving.knative.dev/v1", "Service", undefined],
  ["v1", "Node", undefined],
  ["../api/v1", "Secret", undefined],
])("the kind that %s %s names has the plural %s", async (apiVersion, kind, plural) => {
  expect((await discoverKind(raw, { apiVersion, kind }))?.plural).toBe(plural);
});
