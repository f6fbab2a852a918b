import { controllerOf } from "../controller-of.ts";
import type { Workload } from "../workload-identity/workload.ts";

/** The sidecar of an injected pod mounts the trust bundle of its namespace, and does not start before it is there. */
export function needsTrustBundle({ inject, pod }: Workload): boolean {
  if (pod?.isFinished === true) return false;
  return inject === "true" || pod?.isInjected === true;
}

/** A pod that runs, or will, without a sidecar; whether it should have one is for its namespace to say too. */
export function runsWithoutSidecar({ metadata, pod }: Workload): boolean {
  if (pod === undefined || metadata.deletionTimestamp !== undefined) return false;
  return !pod.isInjected && !pod.isFinished && !pod.isMirror;
}

function namespaceOfSidecar(workload: Workload): readonly string[] {
  return needsTrustBundle(workload) ? [workload.metadata.namespace] : [];
}

function namespaceWithoutSidecar(workload: Workload): readonly string[] {
  return runsWithoutSidecar(workload) ? [workload.metadata.namespace] : [];
}

/** The UID of the controller: of the pods only those that matter, since there are many. */
function controller(workload: Workload): readonly string[] {
  if (workload.pod !== undefined && !runsWithoutSidecar(workload)) return [];
  const reference = controllerOf(workload);
  return reference === undefined ? [] : [reference.uid];
}

export const injectionIndexes = { namespaceOfSidecar, namespaceWithoutSidecar, controller };
