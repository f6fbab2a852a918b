import type { TenantId } from "../identity/ids.ts";
import { annotations } from "../identity/names.ts";
import { type BoundIdentity, type PodFacts, usableIdentities } from "../identity/usable-identities.ts";
import type { Pod } from "../kube/core-objects.ts";
import type { ClusterState } from "./cluster-state.ts";

export interface PodIdentities {
  readonly facts: PodFacts;
  readonly usable: readonly BoundIdentity[];
}

/** What the API says of a pod, and the identities that it may therefore use. */
export async function podIdentities(
  pod: Pod,
  cluster: Pick<ClusterState, "controllerChain" | "identitiesNaming">,
  tenant: TenantId,
): Promise<PodIdentities> {
  const facts = factsOf(pod, await cluster.controllerChain(pod));
  const account = { namespace: facts.namespace, name: facts.serviceAccount };
  return { facts, usable: usableIdentities(facts, cluster.identitiesNaming(account, facts.controllerChain), tenant) };
}

function factsOf({ metadata, spec }: Pod, chain: ReadonlySet<string>): PodFacts {
  const annotated = metadata.annotations?.[annotations.identity];
  const facts = { namespace: metadata.namespace, serviceAccount: spec.serviceAccountName, controllerChain: chain };
  return annotated === undefined ? facts : { ...facts, annotatedIdentity: annotated };
}
