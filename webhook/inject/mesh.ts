import { installation } from "../../identity/names.ts";
import { type AdmittedPod, allContainers, annotationsOf } from "./pod.ts";

type Members = Readonly<Record<string, string>> | null | undefined;

/** The labels and annotations of a namespace that turn a mesh on for its pods, and its own list of skipped ports. */
export interface NamespaceMesh {
  readonly istio: boolean;
  readonly linkerd: boolean;
  readonly linkerdSkippedPorts: string | undefined;
}

/** What the mesh of a pod must leave alone. */
export interface MeshPlan {
  readonly issuerUrl: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** https://istio.io/latest/docs/reference/config/annotations/ and https://istio.io/latest/docs/reference/config/labels/ */
const ISTIO = {
  inject: "sidecar.istio.io/inject",
  status: "sidecar.istio.io/status",
  namespace: "istio-injection",
  revision: "istio.io/rev",
  skippedPorts: "traffic.sidecar.istio.io/excludeOutboundPorts",
  container: "istio-proxy",
};

/** https://linkerd.io/2-edge/reference/proxy-configuration/ */
const LINKERD = {
  inject: "linkerd.io/inject",
  skippedPorts: "config.linkerd.io/skip-outbound-ports",
  container: "linkerd-proxy",
};

export function namespaceMesh(labels: Members, annotations: Members): NamespaceMesh {
  return {
    istio: labels?.[ISTIO.namespace] === "enabled" || labels?.[ISTIO.revision] !== undefined,
    linkerd: isLinkerd(annotations?.[LINKERD.inject]),
    linkerdSkippedPorts: annotations?.[LINKERD.skippedPorts],
  };
}

/**
 * A mesh redirects what the pod sends to a proxy that starts after the sidecar, so that the gate would wait for it
 * forever. The sidecar then asks the issuer on a port of its own, which no application uses, and the mesh is told to
 * leave that port alone. What the author excepts is kept.
 */
export function planMesh(pod: AdmittedPod, issuerUrl: string, namespace: NamespaceMesh): MeshPlan {
  const own = annotationsOf(pod);
  const names = [
    ...(isInIstio(pod, namespace) ? [ISTIO.skippedPorts] : []),
    ...(isInLinkerd(pod, namespace) ? [LINKERD.skippedPorts] : []),
  ];
  const { issuerMeshPort } = installation;
  // The installation's own Service has that port; another issuer may not.
  if (names.length === 0 || !/^https:\/\/[^/:]+\.svc\/*$/.test(issuerUrl)) return { issuerUrl, annotations: {} };
  const given = { ...own, [LINKERD.skippedPorts]: own[LINKERD.skippedPorts] ?? namespace.linkerdSkippedPorts };
  return {
    issuerUrl: `${issuerUrl.replace(/\/+$/, "")}:${issuerMeshPort}`,
    annotations: Object.fromEntries(names.map((name) => [name, withPort(given[name] ?? "", issuerMeshPort)])),
  };
}

function isInIstio(pod: AdmittedPod, namespace: NamespaceMesh): boolean {
  const { labels } = pod.metadata;
  const own = annotationsOf(pod);
  const chosen = labels?.[ISTIO.inject] ?? own[ISTIO.inject];
  if (chosen !== undefined) return chosen === "true";
  return namespace.istio || labels?.[ISTIO.revision] !== undefined || hasProxy(pod, ISTIO.container, own[ISTIO.status]);
}

function isInLinkerd(pod: AdmittedPod, namespace: NamespaceMesh): boolean {
  const chosen = annotationsOf(pod)[LINKERD.inject];
  return chosen === undefined
    ? namespace.linkerd || hasProxy(pod, LINKERD.container, undefined)
    : isLinkerd(chosen) || hasProxy(pod, LINKERD.container, undefined);
}

const isLinkerd = (value: string | undefined): boolean => value === "enabled" || value === "ingress";

function hasProxy(pod: AdmittedPod, container: string, status: string | undefined): boolean {
  return status !== undefined || allContainers(pod).some(({ name }) => name === container);
}

function withPort(list: string, port: number): string {
  const ports = list.split(",").map((entry) => entry.trim());
  if (ports.includes(String(port)) || ports.includes("*")) return list;
  return list.trim() === "" ? String(port) : `${list},${port}`;
}
