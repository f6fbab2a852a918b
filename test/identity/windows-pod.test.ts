import { describe, expect, test } from "vitest";
import { isOsContradictory, isWindowsPod, type Placement } from "../../identity/windows-pod.ts";

const expression = (key: string, operator: string, ...values: string[]) => ({ key, operator, values });
const os = (operator: string, ...values: string[]) => expression("kubernetes.io/os", operator, ...values);
const terms = (...all: (typeof os extends (...args: never[]) => infer T ? T : never)[][]): Placement => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: all.map((matchExpressions) => ({ matchExpressions })),
      },
    },
  },
});
const onNode = (...names: string[]): Placement => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [expression("metadata.name", "In", ...names)] }],
      },
    },
  },
});
const hostProcess = { windowsOptions: { hostProcess: true } };
const osOfNode = (name: string) => (name.startsWith("win") ? "windows" : name.startsWith("lin") ? "linux" : undefined);

describe("a pod that runs on Windows alone", () => {
  test.each<[string, Placement]>([
    ["by spec.os", { os: { name: "windows" } }],
    ["by node selector", { nodeSelector: { "kubernetes.io/os": "windows" } }],
    ["by the label of old nodes", { nodeSelector: { "beta.kubernetes.io/os": "windows" } }],
    ["by a Windows build", { nodeSelector: { "node.kubernetes.io/windows-build": "10.0.20348" } }],
    ["by affinity", terms([os("In", "windows")])],
    ["by affinity against Linux", terms([os("NotIn", "linux")])],
    [
      "by every term of the affinity",
      terms([os("In", "windows"), expression("zone", "In", "a")], [os("In", "windows")]),
    ],
    ["by two conditions of a term", terms([os("In", "windows", "linux"), os("NotIn", "linux")])],
    ["by affinity to any build", terms([expression("node.kubernetes.io/windows-build", "Exists")])],
    ["by its node", { nodeName: "win-1" }],
    ["by the node of a DaemonSet", onNode("win-1")],
    ["by HostProcess of the pod", { securityContext: hostProcess }],
    ["by HostProcess of a container", { containers: [{}, { securityContext: hostProcess }] }],
    [
      "by selector and affinity together",
      { nodeSelector: { "kubernetes.io/os": "windows" }, ...terms([os("In", "windows", "linux")]) },
    ],
  ])("%s", (_, placement) => {
    expect(isWindowsPod(placement, osOfNode)).toBe(true);
    expect(isOsContradictory(placement, osOfNode)).toBe(false);
  });
});

describe("a pod that can run on Linux", () => {
  test.each<[string, Placement]>([
    ["without a word", {}],
    ["by spec.os", { os: { name: "linux" } }],
    ["by selector", { nodeSelector: { "kubernetes.io/os": "linux" } }],
    ["by one of the terms", terms([os("In", "windows")], [os("In", "linux")])],
    ["by a term of something else", terms([os("In", "windows")], [expression("zone", "In", "a")])],
    ["by affinity to both", terms([os("In", "windows", "linux")])],
    ["by affinity to any system", terms([os("Exists")])],
    ["with an empty affinity", terms()],
    ["by affinity to no build", terms([expression("node.kubernetes.io/windows-build", "DoesNotExist")])],
    ["on another build, or none", terms([expression("node.kubernetes.io/windows-build", "NotIn", "1")])],
    ["on a node that is not known", { nodeName: "other" }],
    ["on one of several nodes", onNode("win-1", "lin-1")],
    ["with an option of Windows that is off", { securityContext: { windowsOptions: { hostProcess: false } } }],
  ])("%s", (_, placement) => {
    expect(isWindowsPod(placement, osOfNode)).toBe(false);
    expect(isOsContradictory(placement, osOfNode)).toBe(false);
  });
});

test.each<[string, Placement]>([
  ["spec.os against the selector", { os: { name: "linux" }, nodeSelector: { "kubernetes.io/os": "windows" } }],
  [
    "the selector against the affinity",
    { nodeSelector: { "kubernetes.io/os": "linux" }, ...terms([os("In", "windows")]) },
  ],
  ["two labels", { nodeSelector: { "kubernetes.io/os": "linux", "beta.kubernetes.io/os": "windows" } }],
  ["HostProcess against the selector", { securityContext: hostProcess, nodeSelector: { "kubernetes.io/os": "linux" } }],
  ["a system that does not exist", { nodeSelector: { "kubernetes.io/os": "Windows" } }],
])("%s leaves no system", (_, placement) => {
  expect(isOsContradictory(placement)).toBe(true);
  expect(isWindowsPod(placement)).toBe(false);
});
