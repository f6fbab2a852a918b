import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { type WorkloadReference, workloadReferenceText } from "./workload-reference.ts";

export interface RunningWorkload {
  readonly reference: WorkloadReference;
  readonly serviceAccount: string;
}

/**
 * Everyone who could ask for a token: each workload, and each ServiceAccount that is a subject of an identity and that
 * none of the workloads runs as.
 */
export function discoverReferences(
  identities: readonly ManagedIdentity[],
  workloads: readonly RunningWorkload[],
): WorkloadReference[] {
  const runAs = new Set(workloads.map(({ reference, serviceAccount }) => `${reference.namespace}/${serviceAccount}`));
  const subjects = identities.flatMap(subjectsOf).filter((subject) => !runAs.has(workloadReferenceText(subject)));
  const everyone = [...subjects, ...workloads.map(({ reference }) => reference)];
  return [...new Map(everyone.map((one) => [workloadReferenceText(one), one])).values()];
}

function subjectsOf({ metadata, spec }: ManagedIdentity): WorkloadReference[] {
  return (spec.subjects ?? []).map(({ serviceAccount, namespace }) => ({
    by: "serviceAccount",
    namespace: namespace ?? metadata.namespace,
    name: serviceAccount,
  }));
}
