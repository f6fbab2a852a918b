import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readQuantity } from "../../../identity/quantity.ts";
import { limitRanges, resourceQuotas } from "../../../kube/policy-kinds.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { qosClass } from "../../../webhook/resources/qos-class.ts";
import { sidecarResources } from "../../../webhook/resources/sidecar-resources.ts";
import { property } from "../../support/property.ts";
import { settings } from "../facts.ts";

const metadata = {
  name: "team",
  namespace: "shop",
  uid: "1",
  resourceVersion: "1",
  creationTimestamp: "2026-01-01T00:00:00Z",
};

interface Given {
  readonly pod?: object;
  readonly containers?: readonly object[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ofNamespace?: Readonly<Record<string, string>>;
  /** Items of `spec.limits` of a LimitRange. */
  readonly limits?: readonly object[];
  /** `spec` of a ResourceQuota. */
  readonly quota?: object;
  readonly installed?: object;
}

function given({ pod = {}, containers = [{ name: "web" }], annotations = {}, ...rest }: Given) {
  const { ofNamespace = {}, limits, quota, installed = settings.resources } = rest;
  const parsed = podSchema.parse({ metadata: { annotations }, spec: { containers, ...pod } });
  const facts = {
    annotations: ofNamespace,
    limitRanges:
      limits === undefined
        ? []
        : [limitRanges.parse({ apiVersion: "v1", kind: "LimitRange", metadata, spec: { limits } })],
    quotas:
      quota === undefined
        ? []
        : [resourceQuotas.parse({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec: quota })],
  };
  const { resources, warnings } = sidecarResources(parsed, facts, { ...settings, resources: installed });
  return { resources, codes: warnings.map(({ code }) => code), parsed };
}

const container = (limits: object, requests?: object) => [
  { name: "web", resources: { limits, ...(requests === undefined ? {} : { requests }) } },
];
const guaranteed = container({ cpu: "2", memory: "1Gi" }, { cpu: "2", memory: "1Gi" });
const burstable = container({ cpu: "1" }, { cpu: "500m" });
const asInstalled = { requests: { cpu: "5m", memory: "16Mi" }, limits: { memory: "64Mi" } };
const cpuBounded = { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } };
const fixed = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } };

describe("the resources of the sidecar", () => {
  test.each<[string, Given, object]>([
    ["the installation's, where nothing is asked", {}, asInstalled],
    [
      "a processor limit, for a quota of limits.cpu",
      { quota: { hard: { "limits.cpu": "2" } }, containers: burstable },
      cpuBounded,
    ],
    [
      "a request for a quota of cpu, where the installation has none",
      { quota: { hard: { cpu: "2" } }, installed: {} },
      { requests: { cpu: "5m" } },
    ],
    [
      "a request for a quota of requests.memory",
      { quota: { hard: { "requests.memory": "2Gi" } }, installed: {} },
      { requests: { memory: "16Mi" } },
    ],
    [
      "no more for a quota of something else",
      { quota: { hard: { pods: "2", "requests.nvidia.com/gpu": "1", "limits.ephemeral-storage": "1Gi" } } },
      asInstalled,
    ],
    [
      "no more for a quota of pods that end, in one that does not",
      { quota: { hard: { "limits.cpu": "2" }, scopes: ["Terminating"] } },
      asInstalled,
    ],
    [
      "a limit for a quota of pods that end, in one that does",
      { quota: { hard: { "limits.cpu": "2" }, scopes: ["Terminating"] }, pod: { activeDeadlineSeconds: 60 } },
      cpuBounded,
    ],
    [
      "a limit for a quota of a priority class, in a pod of that class",
      {
        quota: {
          hard: { "limits.cpu": "2" },
          scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }] },
        },
        pod: { priorityClassName: "high" },
      },
      cpuBounded,
    ],
    [
      "no more for a quota of another priority class",
      {
        quota: {
          hard: { "limits.cpu": "2" },
          scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "NotIn", values: [""] }] },
        },
      },
      asInstalled,
    ],
    [
      "at least a minimum",
      { limits: [{ type: "Container", min: { cpu: "10m", memory: "32Mi" } }] },
      { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
    ],
    [
      "a higher limit, where the minimum is higher",
      { limits: [{ type: "Container", min: { memory: "128Mi" } }] },
      { requests: { cpu: "5m", memory: "128Mi" }, limits: { memory: "128Mi" } },
    ],
    [
      "at most a maximum, with a limit",
      { limits: [{ type: "Container", max: { cpu: "50m", memory: "48Mi" } }] },
      { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "50m", memory: "48Mi" } },
    ],
    [
      "a request near the limit, for a ratio",
      { limits: [{ type: "Container", maxLimitRequestRatio: { memory: "2", cpu: "10" } }] },
      { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
    ],
    [
      "the same for a ratio of the whole pod",
      { limits: [{ type: "Pod", maxLimitRequestRatio: { memory: "1" } }] },
      { requests: { cpu: "5m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    ],
    [
      "ephemeral storage, where there is a minimum of it",
      { limits: [{ type: "Container", min: { "ephemeral-storage": "1Mi" } }] },
      { ...asInstalled, requests: { ...asInstalled.requests, "ephemeral-storage": "16Mi" } },
    ],
    [
      "nothing for a LimitRange of volumes",
      { limits: [{ type: "PersistentVolumeClaim", min: { storage: "1Gi" } }] },
      asInstalled,
    ],
    ["the same reserved and allowed, in a Guaranteed pod", { containers: guaranteed }, fixed],
    [
      "the same, in a Guaranteed pod that leaves its requests out",
      { containers: container({ cpu: 1, memory: "1Gi" }) },
      fixed,
    ],
    [
      "the same within a minimum, in a Guaranteed pod",
      { containers: guaranteed, limits: [{ type: "Container", min: { cpu: "250m" }, max: { memory: "32Mi" } }] },
      { requests: { cpu: "250m", memory: "32Mi" }, limits: { cpu: "250m", memory: "32Mi" } },
    ],
    [
      "nothing beside the resources of a whole pod",
      { pod: { resources: { limits: { cpu: "1", memory: "1Gi" } } } },
      {},
    ],
    [
      "nothing in a BestEffort pod, where such pods are counted",
      { quota: { hard: { pods: "5" }, scopes: ["BestEffort"] } },
      {},
    ],
    [
      "as usual in a Burstable pod, where others are counted",
      { quota: { hard: { pods: "5" }, scopes: ["BestEffort"] }, containers: burstable },
      asInstalled,
    ],
    [
      "what the pod's annotations ask for",
      { annotations: { "lanyard.dev/sidecar-cpu-request": "20m", "lanyard.dev/sidecar-memory-limit": "128Mi" } },
      { requests: { cpu: "20m", memory: "16Mi" }, limits: { memory: "128Mi" } },
    ],
    [
      "what the namespace's annotations ask for",
      { ofNamespace: { "lanyard.dev/sidecar-cpu-limit": "50m" } },
      { ...asInstalled, limits: { cpu: "50m", memory: "64Mi" } },
    ],
    [
      "the pod's wish before the namespace's",
      {
        ofNamespace: { "lanyard.dev/sidecar-cpu-limit": "50m" },
        annotations: { "lanyard.dev/sidecar-cpu-limit": "1" },
      },
      { ...asInstalled, limits: { cpu: "1", memory: "64Mi" } },
    ],
    [
      "a request no higher than the limit that is asked for",
      { annotations: { "lanyard.dev/sidecar-memory-limit": "12Mi" } },
      { requests: { cpu: "5m", memory: "12Mi" }, limits: { memory: "12Mi" } },
    ],
  ])("%s", (_, facts, then) => {
    const { resources, codes } = given(facts);
    expect(resources).toEqual(then);
    expect(codes).toEqual([]);
  });

  test.each<[string, Given, string[]]>([
    [
      "an annotation below a minimum",
      {
        annotations: { "lanyard.dev/sidecar-cpu-request": "1m" },
        limits: [{ type: "Container", min: { cpu: "10m" } }],
      },
      ["SidecarResourcesAdapted"],
    ],
    [
      "a namespace's annotation that is no quantity",
      { ofNamespace: { "lanyard.dev/sidecar-cpu-limit": "much" } },
      ["AnnotationInvalid"],
    ],
    [
      "a pod that exceeds a bound with the sidecar alone",
      { containers: guaranteed, limits: [{ type: "Pod", max: { cpu: "2" } }] },
      ["LimitRangeExceeded"],
    ],
    ["a pod that exceeds it anyway", { containers: guaranteed, limits: [{ type: "Pod", max: { cpu: "1" } }] }, []],
  ])("%s is told", (_, facts, codes) => expect(given(facts).codes).toEqual(codes));

  const amounts = fc.constantFrom("1m", "10m", "1", "32Mi", "100Mi", "1Gi", "0.5");
  const quantities = fc.dictionary(fc.constantFrom("cpu", "memory"), amounts);
  property(
    "keeps the quality of service of a Guaranteed pod, and never reserves more than it allows",
    [
      quantities,
      quantities,
      fc.dictionary(fc.constantFrom("cpu", "memory"), fc.constantFrom("1", "2", "5")),
      fc.boolean(),
    ],
    (min, max, maxLimitRequestRatio, isGuaranteed) => {
      const { resources, parsed } = given({
        ...(isGuaranteed ? { containers: guaranteed } : {}),
        limits: [{ type: "Container", min, max, maxLimitRequestRatio }],
      });
      const sidecar = { name: "lanyard", resources };
      const after = podSchema.parse({
        ...parsed,
        spec: { ...parsed.spec, containers: [...parsed.spec.containers, sidecar] },
      });
      if (isGuaranteed) expect(qosClass(after)).toBe("Guaranteed");
      for (const [name, request] of Object.entries(resources.requests ?? {})) {
        const limit = readQuantity(resources.limits?.[name]) ?? Number.POSITIVE_INFINITY;
        expect(readQuantity(request)).toBeLessThanOrEqual(limit);
      }
    },
  );
});
