import { describe, expect, test } from "vitest";
import { injectPod } from "../../../webhook/inject/inject-pod.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import { injectionFacts } from "../facts.ts";

interface Given {
  readonly labels?: object;
  readonly annotations?: object;
  readonly spec?: object;
  readonly container?: object;
}

function warningsOf({ labels = {}, annotations = {}, spec = {}, container = {} }: Given): string[] {
  const metadata = { name: "web", labels, annotations };
  const pod = podSchema.parse({ metadata, spec: { containers: [{ name: "web", ...container }], ...spec } });
  const decision = injectPod(pod, injectionFacts());
  if (decision.kind === "denied") throw new Error(decision.reason.sentence);
  return decision.warnings.map(({ code, sentence }) => `${code}: ${sentence}`);
}

describe("a pod whose resolver may not know the issuer", () => {
  test.each<[object, string]>([
    [{ dnsPolicy: "Default" }, "spec.dnsPolicy: ClusterFirst."],
    [{ dnsPolicy: "None", dnsConfig: { nameservers: ["192.0.2.1"] } }, "spec.dnsPolicy: ClusterFirst."],
    [{ hostNetwork: true, dnsPolicy: "ClusterFirst" }, "spec.dnsPolicy: ClusterFirstWithHostNet."],
    [{ hostNetwork: true, dnsPolicy: "Default" }, "spec.dnsPolicy: ClusterFirstWithHostNet."],
    [{ hostNetwork: true, dnsPolicy: "None" }, "spec.dnsPolicy: ClusterFirst."],
    [{ hostNetwork: true }, "spec.dnsPolicy: ClusterFirstWithHostNet."],
  ])("%j is warned", (spec, advice) => {
    const warnings = warningsOf({ spec }).filter((warning) => warning.startsWith("IssuerUnresolved"));
    expect(warnings).toEqual([expect.stringContaining(advice)]);
  });

  test.each([
    [{}],
    [{ dnsPolicy: "ClusterFirst" }],
    [{ dnsPolicy: "ClusterFirstWithHostNet" }],
    [{ hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }],
  ])("%j asks the cluster's", (spec) => expect(warningsOf({ spec }).join()).not.toContain("IssuerUnresolved"));
});

describe("a pod that also uses Azure Workload Identity", () => {
  test.each<[string, Given]>([
    ["by its label", { labels: { "azure.workload.identity/use": "true" } }],
    ["by the volume of its token", { spec: { volumes: [{ name: "azure-identity-token" }] } }],
    [
      "by the variable of its token",
      { container: { env: [{ name: "AZURE_FEDERATED_TOKEN_FILE", value: "/var/run/t" }] } },
    ],
    [
      "in an init container",
      { spec: { initContainers: [{ name: "a", env: [{ name: "AZURE_FEDERATED_TOKEN_FILE", value: "/var/run/t" }] }] } },
    ],
  ])("%s is warned", (_, given) =>
    expect(warningsOf(given)).toEqual([expect.stringMatching(/^WorkloadIdentityBeside: .*skip-containers/)]),
  );

  test("with the label off is not", () =>
    expect(warningsOf({ labels: { "azure.workload.identity/use": "false" } })).toEqual([]));
});

test.each(["lanyard.dev/inject", "lanyard.dev/Inject"])(
  "an opt-in by the annotation %s is told to be a label",
  (key) => {
    expect(warningsOf({ annotations: { [key]: "true" } })).toEqual([expect.stringContaining("this is a label")]);
  },
);
