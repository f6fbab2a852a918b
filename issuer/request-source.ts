import type { Pod } from "../kube/core-objects.ts";
import { issuerLimits } from "./limits.ts";
import { podAddresses } from "./pod-addresses.ts";

/** Where a request with a pod's token came from, as far as the API knows. */
export type Source =
  | { readonly kind: "own" }
  /** The pod has just started, and the kubelet has not reported its address: it does so after the sidecar's postStart hook, which already asks. */
  | { readonly kind: "unreported" }
  | { readonly kind: "unknown" }
  | { readonly kind: "node" }
  | { readonly kind: "another pod"; readonly holder: Pod };

export interface SourceFacts {
  readonly address: string;
  /** Whose token was shown. */
  readonly pod: Pod;
  /** The pods that have this address for themselves. */
  readonly holders: readonly Pod[];
  /** The names of the nodes that have this address. */
  readonly nodes: ReadonlySet<string | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function sourceOf({ address, pod, holders, nodes, now }: SourceFacts): Source {
  if (podAddresses(pod).includes(address)) return { kind: "own" };
  const holder = holders.find(({ metadata }) => metadata.uid !== pod.metadata.uid);
  if (holder !== undefined) return { kind: "another pod", holder };
  if (nodes.size > 0) return { kind: isOnHostNetworkOf(pod, nodes) ? "own" : "node" };
  return { kind: podAddresses(pod).length === 0 && isStarting(pod, now) ? "unreported" : "unknown" };
}

/** Where the kubelet has not reported the start either, the creation counts. No clock makes the time longer. */
function isStarting({ metadata, status }: Pod, now: number): boolean {
  const started = Date.parse(status?.startTime ?? metadata.creationTimestamp);
  return Math.abs(now - started) <= issuerLimits.unreportedAddressSeconds * 1000;
}

function isOnHostNetworkOf({ spec }: Pod, nodes: SourceFacts["nodes"]): boolean {
  return spec.hostNetwork === true && spec.nodeName !== undefined && nodes.has(spec.nodeName);
}
