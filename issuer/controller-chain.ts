import type { ObjectMeta, OwnerReference } from "../identity/object-meta.ts";
import type { KubeObject } from "../kube/kind.ts";

/** Reads the object that a reference means, in a namespace; undefined when it is gone, "unknown" when its kind is not read. */
export type ReadOwner = (reference: OwnerReference, namespace: string) => Promise<KubeObject | "unknown" | undefined>;

/** UIDs of a pod and of each controller above it. */
export interface ControllerChain extends ReadonlySet<string> {
  /** The controller of a kind that is not read, at which the chain ended. */
  readonly unknown?: OwnerReference | undefined;
}

/** Deployment → ReplicaSet → Pod is the usual; the bound is against references in a circle. */
const MOST_OWNERS = 8;

/**
 * UIDs of a pod and of each controller above it, as the API's owner references say. An owner counts only while it
 * exists with that UID, in the pod's own namespace (owners cannot be in another).
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
 */
export async function controllerChain(pod: KubeObject, readOwner: ReadOwner): Promise<ControllerChain> {
  const chain = new Set([pod.metadata.uid]);
  const namespace = pod.metadata.namespace ?? "";
  let reference = controllerOf(pod.metadata);
  while (reference !== undefined && chain.size <= MOST_OWNERS && !chain.has(reference.uid)) {
    const owner: KubeObject | "unknown" | undefined = await readOwner(reference, namespace);
    if (owner === "unknown") return Object.assign(chain, { unknown: reference });
    if (owner?.metadata.uid !== reference.uid) break;
    chain.add(reference.uid);
    reference = controllerOf(owner.metadata);
  }
  return chain;
}

function controllerOf({ ownerReferences }: ObjectMeta): OwnerReference | undefined {
  return ownerReferences?.find(({ controller }) => controller === true);
}
