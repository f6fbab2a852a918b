import type { Pod } from "../kube/core-objects.ts";
import { normalAddress } from "../kube/source-address.ts";
import type { Indexes } from "../kube/store.ts";

/** The addresses that the kubelet has reported for a pod; none before its sandbox and its first hooks are done. */
export function podAddresses({ status }: Pod): string[] {
  return (status?.podIPs ?? []).map(({ ip }) => normalAddress(ip));
}

/** The addresses of the node that a pod runs on; a pod on the host network has them as its own. */
export function nodeAddresses(pod: Pod): string[] {
  const { hostIP, hostIPs = [] } = pod.status ?? {};
  const reported = [...hostIPs.map(({ ip }) => ip), ...(hostIP === undefined ? [] : [hostIP])].map(normalAddress);
  return [...new Set([...reported, ...(pod.spec.hostNetwork === true ? podAddresses(pod) : [])])];
}

/** Whether these addresses are this pod's alone: one that ended has given them back. */
export function holdsAddresses({ spec, status }: Pod): boolean {
  return spec.hostNetwork !== true && status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

export const podAddressIndexes = {
  address: (pod) => (holdsAddresses(pod) ? podAddresses(pod) : []),
  nodeAddress: nodeAddresses,
} as const satisfies Indexes<Pod>;
