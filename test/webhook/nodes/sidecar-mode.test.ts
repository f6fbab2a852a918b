import { describe, expect, test } from "vitest";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { chooseSidecarMode } from "../../../webhook/inject/sidecar-mode.ts";
import { nodes } from "../../../webhook/nodes/node-kind.ts";
import { injectionFacts } from "../facts.ts";

interface GivenNode {
  readonly version: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly object[];
}

const node = (name: string, { version, labels = {}, taints = [] }: GivenNode) =>
  nodes.parse({
    ...{ apiVersion: "v1", kind: "Node" },
    metadata: { name, uid: name, resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z", labels },
    spec: { taints },
    status: { nodeInfo: { kubeletVersion: version }, images: [{ names: ["a"] }] },
  });

const modern = node("new", { version: "v1.34.4" });
const old = { version: "v1.28.9-gke.1000", labels: { pool: "old", size: "8" } };

function choose(given: readonly GivenNode[], spec: object = {}, annotations: object = {}, server = true) {
  const all = [modern, ...given.map((one, at) => node(`old-${at}`, one))];
  const pod = podSchema.parse({ metadata: { annotations }, spec: { containers: [{ name: "web" }], ...spec } });
  const { mode, warnings } = chooseSidecarMode(
    pod,
    injectionFacts({ nodes: all, serverHasNativeSidecars: server }).nodes,
  );
  return [mode, ...warnings.map(({ code }) => code)];
}

const affinity = (...matchExpressions: object[]) => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  },
});
const taint = { key: "pool", value: "old", effect: "NoSchedule" };

describe("the sidecar is native", () => {
  test.each<[string, Parameters<typeof choose>]>([
    ["where every node knows it", [[]]],
    ["where the first version that has it is the oldest", [[{ version: "v1.29.0" }]]],
    ["where a node does not say its version", [[{ version: "fake" }]]],
    ["if the node selector leaves old nodes out", [[old], { nodeSelector: { pool: "new" } }]],
    ["if the affinity leaves old nodes out", [[old], affinity({ key: "pool", operator: "NotIn", values: ["old"] })]],
    ["if old nodes are tainted", [[{ ...old, taints: [taint] }]]],
    ["if the pod has a new node already", [[old], { nodeName: "new" }]],
    ["if old nodes have Windows", [[{ ...old, labels: { "kubernetes.io/os": "windows" } }]]],
  ])("%s", (_, given) => expect(choose(...given)).toEqual(["native"]));
});

describe("the sidecar is classic", () => {
  test.each<[string, Parameters<typeof choose>, string[]]>([
    ["where an old node can get the pod", [[old]], []],
    ["on a node that is older than any with a gate", [[{ version: "v1.9.1" }]], []],
    ["if the node selector selects old nodes", [[old], { nodeSelector: { pool: "old" } }], []],
    ["if the affinity selects old nodes", [[old], affinity({ key: "size", operator: "Gt", values: ["4"] })], []],
    ["if the pod tolerates the taint", [[{ ...old, taints: [taint] }], { tolerations: [{ operator: "Exists" }] }], []],
    ["if the taint is a preference", [[{ ...old, taints: [{ ...taint, effect: "PreferNoSchedule" }] }]], []],
    ["with a warning in a pod that ends", [[old], { restartPolicy: "Never" }], ["JobNeverEnds"]],
    ["if the author says so", [[], {}, { "lanyard.dev/sidecar-mode": "classic" }], []],
    ["if the server does not know it", [[], {}, {}, false], []],
  ])("%s", (_, given, codes) => expect(choose(...given)).toEqual(["classic", ...codes]));
});

test("an author who wants a native one gets it, with a warning of old nodes", () => {
  const native = { "lanyard.dev/sidecar-mode": "native" };
  expect(choose([old], {}, native)).toEqual(["native", "NodesTooOld"]);
  expect(choose([old], {}, native, false)).toEqual(["classic", "NativeSidecarUnsupported"]);
});

test("of a new node nothing is kept but its name and system", () => {
  expect(JSON.stringify(node("n", { version: "v1.34.4", labels: { a: "b" } })).length).toBeLessThan(200);
});
