import { z } from "zod";
import { objectMetaSchema } from "../../identity/object-meta.ts";
import type { NodeOs } from "../../identity/windows-pod.ts";
import type { Kind } from "../../kube/kind.ts";

/** Since this version a native sidecar needs no feature gate. https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/ */
export const NATIVE_SIDECARS_SINCE_MINOR = 29;

const taint = z.object({ key: z.string(), value: z.string().optional(), effect: z.string() });
export type Taint = z.infer<typeof taint>;

const received = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMetaSchema
    .pick({ name: true, uid: true, resourceVersion: true, creationTimestamp: true, labels: true })
    .strip(),
  spec: z.object({ taints: z.array(taint).nullish() }).nullish(),
  status: z.object({ nodeInfo: z.object({ kubeletVersion: z.string() }).nullish() }).nullish(),
});

/** A node as far as injection depends on it. Most of 5,000 nodes cost a few hundred bytes. */
export interface Node extends Pick<z.infer<typeof received>, "apiVersion" | "kind"> {
  readonly metadata: Omit<z.infer<typeof received>["metadata"], "labels">;
  readonly os: NodeOs;
  /** Of a node that is too old for native sidecars: what decides whether a pod can get there. */
  readonly old: { readonly labels: Readonly<Record<string, string>>; readonly taints: readonly Taint[] } | undefined;
}

export const nodes: Kind<Node> = {
  ...{ apiVersion: "v1", kind: "Node", plural: "nodes", namespaced: false, statusSubresource: true },
  parse: (object) => slim(received.parse(object)),
};

function slim({
  apiVersion,
  kind,
  metadata: { labels = {}, ...metadata },
  spec,
  status,
}: z.infer<typeof received>): Node {
  const isOld = isTooOld(status?.nodeInfo?.kubeletVersion ?? "");
  return {
    ...{ apiVersion, kind, metadata },
    os: labels["kubernetes.io/os"] === "windows" ? "windows" : "linux",
    old: isOld ? { labels, taints: spec?.taints ?? [] } : undefined,
  };
}

/** `v1.28.9-gke.1`. What does not begin like a version is not taken for an old one. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === "1" && Number(minor) < NATIVE_SIDECARS_SINCE_MINOR;
}
