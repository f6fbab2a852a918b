import { describe, expect, test } from "vitest";
import { sourceOf } from "../../issuer/request-source.ts";
import { podSchema } from "../../kube/core-objects.ts";

interface PodFacts {
  readonly uid?: string;
  readonly addresses?: readonly string[];
  readonly hostNetwork?: boolean;
  readonly startTime?: string;
}

const now = Date.parse("2026-11-21T12:05:00Z");

function pod({ uid = "own", addresses, hostNetwork, startTime }: PodFacts) {
  return podSchema.parse({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, namespace: "shop", uid, resourceVersion: "1", creationTimestamp: "2026-11-21T12:00:00Z" },
    spec: { nodeName: "node-1", hostNetwork },
    status: { startTime, podIPs: addresses?.map((ip) => ({ ip })) },
  });
}

const own = pod({ addresses: ["10.0.0.5", "fd00::5"] });
const starting = pod({});
const startedAt = (time: string) => pod({ startTime: `2026-11-21T${time}Z` });
const onHost = pod({ addresses: ["192.168.0.1"], hostNetwork: true });
const other = pod({ uid: "other", addresses: ["10.0.0.6"] });
const nowhere = { holders: [], nodes: new Set<string>() };
const atOther = { holders: [other], nodes: new Set<string>() };
const atNode = (name: string) => ({ holders: [], nodes: new Set([name]) });

describe("where a request with a pod's token came from", () => {
  test.each([
    ["the pod", own, "10.0.0.5", nowhere, "own"],
    ["the pod, by IPv6", own, "fd00::5", nowhere, "own"],
    ["the pod, although another has the address in a store that is late", own, "10.0.0.5", atOther, "own"],
    ["another pod", own, "10.0.0.6", atOther, "another pod"],
    ["another pod, with the token of one that has no address yet", starting, "10.0.0.6", atOther, "another pod"],
    ["another pod, with the token of one on the host network", onHost, "10.0.0.6", atOther, "another pod"],
    ["its node, which is not on the host network", own, "192.168.0.1", atNode("node-1"), "node"],
    ["a node, with the token of a pod that has no address yet", starting, "192.168.0.1", atNode("node-1"), "node"],
    ["the pod on the host network", onHost, "192.168.0.1", atNode("node-1"), "own"],
    ["the pod on the host network, by another address of its node", onHost, "fd00::1", atNode("node-1"), "own"],
    ["another node than the pod's on the host network", onHost, "192.168.0.2", atNode("node-2"), "node"],
    ["nobody", own, "203.0.113.7", nowhere, "unknown"],
    ["nobody known, for a pod that was created 300 s ago", starting, "10.0.0.9", nowhere, "unreported"],
    ["nobody known, for a pod that started 301 s ago", startedAt("11:59:59"), "10.0.0.9", nowhere, "unknown"],
    ["nobody known, for an old pod that has just started", startedAt("12:05:00"), "10.0.0.9", nowhere, "unreported"],
    ["nobody known, for a pod that starts in an hour", startedAt("13:05:00"), "10.0.0.9", nowhere, "unknown"],
  ] as const)("%s", (...[, shown, address, known, kind]) => {
    expect(sourceOf({ address, pod: shown, ...known, now }).kind).toBe(kind);
  });
});
