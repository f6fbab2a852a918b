import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { hasAllLabels, kept } from "../../kube/kept.ts";
import { namespaces, pods, serviceAccounts } from "../../kube/kinds.ts";

const metadata = {
  name: "orders",
  namespace: "shop",
  uid: "1",
  resourceVersion: "1",
  creationTimestamp: "2026-11-21T12:00:00Z",
};
const pod = (changes: object) => ({
  ...{ apiVersion: "v1", kind: "Pod", spec: {} },
  metadata: { ...metadata, ...changes },
});

describe("a cache keeps of an object's metadata", () => {
  test("the annotations that decisions read, and no others", () => {
    const annotations = { "lanyard.dev/identity": "orders", "other.example/text": "x".repeat(250_000) };
    expect(kept(pods).parse(pod({ annotations })).metadata.annotations).toEqual({ "lanyard.dev/identity": "orders" });
  });

  test("in place of a value that no name is as long as, one that no identity has", () => {
    const annotations = { "lanyard.dev/identity": "x".repeat(250_000) };
    expect(kept(pods).parse(pod({ annotations })).metadata.annotations).toEqual({
      "lanyard.dev/identity": "(too long)",
    });
  });

  test("the labels of a pod up to a limit, and of others those that are read", () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`label-${at}`, "x".repeat(63)]));
    const cut = kept(pods).parse(pod({ labels: { team: "shop", ...many, "lanyard.dev/inject": "true" } }));
    const labels = cut.metadata.labels ?? {};
    expect([labels.team, labels["lanyard.dev/inject"], hasAllLabels(cut)]).toEqual(["shop", "true", false]);
    expect(Object.entries(labels).flat().join("").length).toBeLessThanOrEqual(1_024);
    expect(hasAllLabels(kept(pods).parse(pod({ labels: { team: "shop" }, lacksLabels: true })))).toBe(true);
    const namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { ...metadata, labels: { ...many, "lanyard.dev/inject": "enabled" } },
    };
    expect(kept(namespaces).parse(namespace).metadata.labels).toEqual({ "lanyard.dev/inject": "enabled" });
  });

  test("the controller among many owners", () => {
    const owner = (at: number) => ({ apiVersion: "v1", kind: "ConfigMap", name: `o${at}`, uid: `u${at}` });
    const owners = [...Array.from({ length: 100 }, (_, at) => owner(at)), { ...owner(100), controller: true }];
    const few = kept(pods).parse(pod({ ownerReferences: owners })).metadata.ownerReferences ?? [];
    expect([few.length, few[0]?.uid]).toEqual([8, "u100"]);
  });

  test("nothing of managed fields", () => {
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...metadata, managedFields: [{ x: "y" }] },
    };
    expect(JSON.stringify(kept(serviceAccounts).parse(account))).not.toContain("managedFields");
  });
});

test.each([
  { kind: "ServiceAccount", megabytes: 20 },
  // With the labels that conditions may ask for.
  { kind: "Pod", megabytes: 25 },
  { kind: "Deployment", megabytes: 20 },
  { kind: "Namespace", megabytes: 20 },
  { kind: "ManagedIdentity", megabytes: 20 },
])("10,000 hostile objects of kind $kind would retain less than $megabytes MB", ({ kind, megabytes }) => {
  const script = new URL("./retained-heap.ts", import.meta.url).pathname;
  const ofTwoThousand = Number(execFileSync(process.execPath, ["--expose-gc", script, kind], { encoding: "utf8" }));
  expect(5 * ofTwoThousand).toBeLessThan(megabytes * 1e6);
});
