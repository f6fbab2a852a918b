import type { TenantId } from "../identity/ids.ts";
import type { ManagedIdentity } from "../identity/managed-identity.ts";
import { annotations } from "../identity/names.ts";
import type { IdentitySelector } from "../identity/select-identity.ts";
import { type BoundIdentity, type PodFacts, usableIdentities } from "../identity/usable-identities.ts";
import type { Pod } from "../kube/core-objects.ts";
import { groupOf } from "../kube/custom-workloads.ts";
import type { ClusterState } from "./cluster-state.ts";
import type { ControllerChain } from "./controller-chain.ts";
import { evaluationSubject } from "./evaluation/evaluation-subject.ts";
import { issuerLimits } from "./limits.ts";

export interface PodIdentities {
  readonly facts: PodFacts;
  readonly usable: readonly BoundIdentity[];
}

type Cluster = Pick<ClusterState, "controllerChain" | "identitiesNaming" | "identity"> & Namespaces;
/** Left out by the command line where a person may not read the namespace. */
type Namespaces = Partial<Pick<ClusterState, "namespaceUid">>;

/**
 * What the API says of a pod, and the identities that it may therefore use: the one that it asks for, the one that its
 * annotation names, its workload's, and those of its namespace up to a limit. So the work does not grow with the number
 * of identities that name one ServiceAccount.
 */
export async function podIdentities(
  pod: Pod,
  cluster: Cluster,
  tenant: TenantId,
  asked: IdentitySelector = { by: "default" },
): Promise<PodIdentities> {
  const facts = factsOf(pod, await cluster.controllerChain(pod), cluster);
  const account = { namespace: facts.namespace, name: facts.serviceAccount };
  const found = new Set<ManagedIdentity | undefined>([askedFor(asked, cluster, tenant), annotated(facts, cluster)]);
  for (const identity of cluster.identitiesNaming(account, facts.controllerChain)) {
    if (found.size >= issuerLimits.identitiesOfAPod) break;
    found.add(identity);
  }
  found.delete(undefined);
  return { facts, usable: usableIdentities(facts, found as ReadonlySet<ManagedIdentity>, tenant) };
}

/** An identity as a pod uses it; undefined if it may not. */
export async function boundIdentity(
  pod: Pod,
  identity: ManagedIdentity | undefined,
  cluster: Pick<ClusterState, "controllerChain"> & Namespaces,
  tenant: TenantId,
): Promise<BoundIdentity | undefined> {
  if (identity === undefined) return undefined;
  return usableIdentities(factsOf(pod, await cluster.controllerChain(pod), cluster), [identity], tenant)[0];
}

function askedFor(asked: IdentitySelector, { identity }: Cluster, tenant: TenantId): ManagedIdentity | undefined {
  return asked.by === "default" ? undefined : evaluationSubject(asked.value, identity, tenant).identity;
}

function annotated({ annotatedIdentity, namespace }: PodFacts, { identity }: Cluster): ManagedIdentity | undefined {
  if (annotatedIdentity === undefined) return undefined;
  const [first = "", second] = annotatedIdentity.split("/", 2);
  return identity.named(second === undefined ? { namespace, name: first } : { namespace: first, name: second });
}

function factsOf({ metadata, spec }: Pod, controllerChain: ControllerChain, { namespaceUid }: Namespaces): PodFacts {
  const { namespace } = metadata;
  const annotated = metadata.annotations?.[annotations.identity];
  const { unknown } = controllerChain;
  return {
    ...(unknown === undefined ? {} : { unknownController: `${unknown.kind} (${groupOf(unknown.apiVersion)})` }),
    ...{ namespace, serviceAccount: spec.serviceAccountName, controllerChain },
    // A namespace that the watch has not told of yet is none that anybody consented to.
    ...(namespaceUid === undefined ? {} : { namespaceUid: namespaceUid(namespace) ?? "" }),
    ...(annotated === undefined ? {} : { annotatedIdentity: annotated }),
  };
}
