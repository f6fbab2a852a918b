import type { PodIdentity } from "../identity/claims.ts";
import { type Refusal, refusals } from "../identity/reasons.ts";
import type { Pod } from "../kube/core-objects.ts";
import type { ClusterState } from "./cluster-state.ts";

export type Liveness =
  | { readonly kind: "alive"; readonly pod: Pod }
  | { readonly kind: "refused"; readonly refusal: Refusal };

type Cluster = Pick<ClusterState, "pods" | "serviceAccounts">;

/** Whether the pod that a token was given to is there now, runs, and is what it was: `now` in milliseconds since the epoch. */
export async function podLiveness(claimed: PodIdentity, cluster: Cluster, now: number): Promise<Liveness> {
  const { namespace, serviceAccount } = claimed;
  const pod = await cluster.pods.read({ namespace, ...claimed.pod }, isScheduled);
  if (pod === undefined) return refused(refusals.PodNotFound(`${namespace}/${claimed.pod.name}`));
  const refusal = mismatch(pod, claimed, now);
  if (refusal !== undefined) return refused(refusal);
  const account = await cluster.serviceAccounts.read({ namespace, ...serviceAccount });
  if (account?.metadata.uid !== serviceAccount.uid) return refused(replacedAccount(claimed));
  return { kind: "alive", pod };
}

/**
 * The kubelet of a pod's node mounts its token, so a store that holds the pod without a node is late. Where the API has no
 * node either, a person made the token (`kubectl create token --bound-object-kind Pod`).
 */
const isScheduled = ({ spec }: Pod): boolean => (spec.nodeName ?? "") !== "";

function mismatch(pod: Pod, claimed: PodIdentity, now: number): Refusal | undefined {
  const name = `${claimed.namespace}/${claimed.pod.name}`;
  if (pod.metadata.uid !== claimed.pod.uid) return refusals.PodReplaced(name);
  if (!isScheduled(pod)) return refusals.PodNotScheduled(name);
  if (podHasEnded(pod, now)) return refusals.PodTerminated(name);
  if (pod.spec.serviceAccountName !== claimed.serviceAccount.name) return replacedAccount(claimed);
  if (claimed.node !== undefined && pod.spec.nodeName !== claimed.node) return refusals.NodeMismatch(name);
  return undefined;
}

/** `deletionTimestamp` is when a pod's grace period is over: until then it may need a token to finish its work. */
export function podHasEnded({ metadata, status }: Pod, now: number): boolean {
  const { deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined && Date.parse(deletionTimestamp) <= now) return true;
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

const replacedAccount = ({ namespace, serviceAccount }: PodIdentity): Refusal =>
  refusals.ServiceAccountReplaced(`${namespace}/${serviceAccount.name}`);
const refused = (refusal: Refusal): Liveness => ({ kind: "refused", refusal });
