import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotations, labels } from "../../../identity/names.ts";
import { injectionStateOf, type PodState } from "../../../operator/injection/injection-state.ts";
import { property } from "../../support/property.ts";

const asking = { metadata: { labels: { [labels.inject]: "true" } } };
const containers = (...names: string[]) => names.map((name) => ({ name, image: "any" }));

describe("the label", () => {
  test.each([
    { kind: "Pod", object: { ...asking } },
    { kind: "Deployment", object: { metadata: {}, spec: { template: asking } } },
    { kind: "CronJob", object: { metadata: {}, spec: { jobTemplate: { spec: { template: asking } } } } },
  ] as const)("of a $kind is that of the pods", ({ kind, object }) => {
    expect(injectionStateOf(kind, object).inject).toBe("true");
  });

  test.each(["Deployment", "CronJob"] as const)("of a %s itself says nothing of its pods", (kind) => {
    expect(injectionStateOf(kind, asking).inject).toBeUndefined();
  });
});

describe("a pod", () => {
  const pod = (object: object): PodState | undefined => injectionStateOf("Pod", { metadata: {}, ...object }).pod;

  test.each([
    {
      that: "has the sidecar among its init containers",
      spec: { initContainers: containers("lanyard") },
      injected: true,
    },
    {
      that: "has the sidecar first among its containers",
      spec: { containers: containers("lanyard", "app") },
      injected: true,
    },
    { that: "has none", spec: { containers: containers("app", "lanyard-app") }, injected: false },
    { that: "has no spec", spec: undefined, injected: false },
  ])("that $that is injected: $injected", ({ spec, injected }) => {
    expect(pod({ spec })?.isInjected).toBe(injected);
  });

  test("that only says so in an annotation is not injected", () => {
    expect(pod({ metadata: { annotations: { [annotations.injected]: "0.1.0" } } })?.isInjected).toBe(false);
  });

  test.each([
    { spec: { os: { name: "windows" } }, left: true },
    { spec: { nodeSelector: { "kubernetes.io/os": "windows" } }, left: true },
    { spec: { os: { name: "linux" }, nodeSelector: { pool: "windows" } }, left: false },
    { spec: undefined, left: false },
  ])("with $spec is left alone by the webhook: $left", ({ spec, left }) => {
    expect(pod({ spec })?.leftAlone !== undefined).toBe(left);
  });

  test.each([
    { phase: "Succeeded", finished: true },
    { phase: "Failed", finished: true },
    { phase: "Running", finished: false },
    { phase: "Pending", finished: false },
    { phase: undefined, finished: false },
  ])("whose phase is $phase is finished: $finished", ({ phase, finished }) => {
    expect(pod({ status: { phase } })?.isFinished).toBe(finished);
  });
});

describe("the condition", () => {
  const ours = {
    ...{ type: "lanyard.dev/Injected", status: "False", reason: "NotInjected", message: "Repair it." },
    lastTransitionTime: "2026-11-21T12:00:00Z",
  };
  const stateOf = (conditions: unknown) => injectionStateOf("Deployment", { metadata: {}, status: { conditions } });

  test("is found among those of others, whatever theirs look like", () => {
    const others = [{ type: "Available", lastUpdateTime: null }, 5, null, { type: "Progressing", status: "True" }];
    expect(stateOf([...others, { ...ours, lastProbeTime: null }]).notInjected).toEqual(ours);
  });

  test("of ours that cannot be read is none, so that it is written again", () => {
    expect(stateOf([{ ...ours, status: "Perhaps" }]).notInjected).toBeUndefined();
  });
});

property(
  "no condition of anybody makes an object unreadable",
  [fc.array(fc.jsonValue())],
  (conditions) => injectionStateOf("Pod", { metadata: {}, status: { conditions } }).pod !== undefined,
);
