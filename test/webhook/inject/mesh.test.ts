import { describe, expect, test } from "vitest";
import { namespaceMesh, planMesh } from "../../../webhook/inject/mesh.ts";
import type { AdmittedPod } from "../../../webhook/inject/pod.ts";

const ISSUER = "https://lanyard-issuer.lanyard-system.svc";
const ISTIO = "traffic.sidecar.istio.io/excludeOutboundPorts";
const LINKERD = "config.linkerd.io/skip-outbound-ports";
type Members = Readonly<Record<string, string>>;

interface Given {
  readonly labels?: Members;
  readonly annotations?: Members;
  readonly containers?: readonly string[];
  readonly namespace?: { readonly labels?: Members; readonly annotations?: Members };
}

function plan({ labels, annotations, containers = ["web"], namespace }: Given, issuer = ISSUER) {
  const pod = { metadata: { labels, annotations }, spec: { containers: containers.map((name) => ({ name })) } };
  return planMesh(pod as AdmittedPod, issuer, namespaceMesh(namespace?.labels, namespace?.annotations));
}

describe("a mesh leaves the sidecar's port of the issuer alone", () => {
  test.each<[string, Given, Members]>([
    ["Istio by a label of the pod", { labels: { "sidecar.istio.io/inject": "true" } }, { [ISTIO]: "4282" }],
    ["Istio by an annotation", { annotations: { "sidecar.istio.io/inject": "true" } }, { [ISTIO]: "4282" }],
    ["Istio by the namespace", { namespace: { labels: { "istio-injection": "enabled" } } }, { [ISTIO]: "4282" }],
    ["Istio by the namespace's revision", { namespace: { labels: { "istio.io/rev": "1-27" } } }, { [ISTIO]: "4282" }],
    ["Istio by the pod's revision", { labels: { "istio.io/rev": "1-27" } }, { [ISTIO]: "4282" }],
    ["Istio, whose proxy is there already", { containers: ["web", "istio-proxy"] }, { [ISTIO]: "4282" }],
    ["Linkerd by an annotation", { annotations: { "linkerd.io/inject": "enabled" } }, { [LINKERD]: "4282" }],
    ["Linkerd's ingress mode", { annotations: { "linkerd.io/inject": "ingress" } }, { [LINKERD]: "4282" }],
    [
      "Linkerd by the namespace",
      { namespace: { annotations: { "linkerd.io/inject": "enabled" } } },
      { [LINKERD]: "4282" },
    ],
    ["Linkerd, whose proxy is there already", { containers: ["linkerd-proxy"] }, { [LINKERD]: "4282" }],
    [
      "Istio, after the ports of the author",
      { labels: { "sidecar.istio.io/inject": "true" }, annotations: { [ISTIO]: "5432, 6379" } },
      { [ISTIO]: "5432, 6379,4282" },
    ],
    [
      "Linkerd, after ports and ranges of the author",
      { annotations: { "linkerd.io/inject": "enabled", [LINKERD]: "4000-4100" } },
      { [LINKERD]: "4000-4100,4282" },
    ],
    [
      "Linkerd, after the ports of the namespace, which the pod's annotation would hide",
      { namespace: { annotations: { "linkerd.io/inject": "enabled", [LINKERD]: "25" } } },
      { [LINKERD]: "25,4282" },
    ],
    [
      "a list that has the port already",
      { labels: { "sidecar.istio.io/inject": "true" }, annotations: { [ISTIO]: "80,4282" } },
      { [ISTIO]: "80,4282" },
    ],
    [
      "a list of everything",
      { labels: { "sidecar.istio.io/inject": "true" }, annotations: { [ISTIO]: "*" } },
      { [ISTIO]: "*" },
    ],
  ])("%s", (_name, given, annotations) => {
    expect(plan(given)).toEqual({ issuerUrl: `${ISSUER}:4282`, annotations });
  });

  test.each<[string, Given]>([
    ["no mesh", {}],
    ["a pod that Istio is to leave out", { labels: { "sidecar.istio.io/inject": "false", "istio.io/rev": "1-27" } }],
    [
      "a pod that Linkerd is to leave out",
      {
        annotations: { "linkerd.io/inject": "disabled" },
        namespace: { annotations: { "linkerd.io/inject": "enabled" } },
      },
    ],
    ["a namespace that Istio is to leave out", { namespace: { labels: { "istio-injection": "disabled" } } }],
  ])("nothing changes for %s", (_name, given) => {
    expect(plan(given)).toEqual({ issuerUrl: ISSUER, annotations: {} });
  });

  test.each(["https://issuer.example.com", `${ISSUER}:8443`])("an issuer at %s has no such port", (issuer) => {
    expect(plan({ labels: { "sidecar.istio.io/inject": "true" } }, issuer)).toEqual({
      issuerUrl: issuer,
      annotations: {},
    });
  });
});
