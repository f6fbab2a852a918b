import { describe, expect, test } from "vitest";
import type { WorkloadKind } from "../../../identity/managed-identity.ts";
import { annotations } from "../../../identity/names.ts";
import { watchedWorkload } from "../../../operator/workload-identity/workload.ts";

const asking = { annotations: { [annotations.systemAssigned]: "true", other: "kept out" } };
const template = { metadata: asking };

function parsed(kind: WorkloadKind, metadata: object, spec: object) {
  const meta = {
    name: "web",
    namespace: "shop",
    uid: "5e1c",
    resourceVersion: "1",
    creationTimestamp: "2026-11-01T00:00:00Z",
  };
  return watchedWorkload(kind).parse({ apiVersion: "v1", kind, metadata: { ...meta, ...metadata }, spec });
}

describe("the annotation is read from", () => {
  test.each<[WorkloadKind, string, object, object]>([
    ["Deployment", "itself", asking, {}],
    ["Deployment", "its pod template", {}, { template }],
    ["StatefulSet", "its pod template", {}, { template }],
    ["DaemonSet", "its pod template", {}, { template }],
    ["ReplicaSet", "its pod template", {}, { template }],
    ["Job", "its pod template", {}, { template }],
    ["CronJob", "the pod template of its jobs", {}, { jobTemplate: { spec: { template } } }],
    ["Pod", "itself", asking, {}],
  ])("a %s: %s", (kind, _where, metadata, spec) => {
    expect(parsed(kind, metadata, spec).systemAssigned).toBe("true");
  });

  test("the workload before its template", () => {
    const metadata = { annotations: { [annotations.systemAssigned]: "false" } };
    expect(parsed("Deployment", metadata, { template }).systemAssigned).toBe("false");
  });

  test("nowhere, when there is none", () => expect(parsed("Deployment", {}, {}).systemAssigned).toBeUndefined());
});

test("nothing is kept but what the operator reads", () => {
  const kept = parsed(
    "Deployment",
    { ...asking, labels: { app: "web" }, managedFields: [] },
    { template, replicas: 3 },
  );
  expect(kept).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "5e1c",
      resourceVersion: "1",
      creationTimestamp: "2026-11-01T00:00:00Z",
    },
    systemAssigned: "true",
  });
});
