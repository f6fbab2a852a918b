import type { Workload } from "../workload-identity/workload.ts";

/** The sidecar of an injected pod mounts the trust bundle of its namespace, and does not start before it is there. */
export function needsTrustBundle({ inject, pod }: Workload): boolean {
  if (pod?.isFinished === true) return false;
  return inject === "true" || pod?.isInjected === true;
}

function namespaceOfSidecar(workload: Workload): readonly string[] {
  return needsTrustBundle(workload) ? [workload.metadata.namespace] : [];
}

export const injectionIndexes = { namespaceOfSidecar };
