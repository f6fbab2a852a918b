import type { OwnerReference } from "../../identity/object-meta.ts";
import type { Store } from "../../kube/store.ts";
import { controllerOf } from "../controller-of.ts";
import { runsWithoutSidecar } from "../injection/indexes.ts";
import { knownKind, type Watches } from "../watches.ts";
import type { Workload } from "../workload-identity/workload.ts";

type Tree = Pick<Watches, "workloads" | "workloadKinds">;

/**
 * The workload at the top of the chain: Pod → ReplicaSet → Deployment. A controller of a kind that is not watched ends
 * the chain. Undefined while one that should be there is not: its watch is behind, or all of it is being deleted.
 */
export function topWorkload(workload: Workload, watches: Tree): Workload | undefined {
  const seen = new Set<string>();
  let top = workload;
  while (!seen.has(top.metadata.uid)) {
    seen.add(top.metadata.uid);
    const reference = controllerOf(top);
    const store = reference && storeOf(reference, watches);
    if (reference === undefined || store === undefined) return top;
    const owner = store.get({ namespace: top.metadata.namespace, name: reference.name });
    if (owner?.metadata.uid !== reference.uid) return undefined;
    top = owner;
  }
  // Owners in a circle: nobody is at the top.
  return undefined;
}

function storeOf(reference: OwnerReference, watches: Tree): Store<Workload> | undefined {
  const known = knownKind(reference, watches);
  return known && watches.workloads.get(known.kind);
}

/** The pods without a sidecar that belong to a workload, itself included when it is one. */
export function podsWithoutSidecar(top: Workload, watches: Tree): readonly Workload[] {
  const found = new Map<string, Workload>();
  const visit = (workload: Workload): void => {
    if (found.has(workload.metadata.uid)) return;
    found.set(workload.metadata.uid, workload);
    for (const store of watches.workloads.values()) store.by("controller", workload.metadata.uid).forEach(visit);
  };
  visit(top);
  return [...found.values()].filter(runsWithoutSidecar);
}
