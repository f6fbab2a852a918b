import type { ManagedIdentity } from "../identity/managed-identity.ts";
import type { Indexes } from "../kube/store.ts";

/** By which values a request finds the identities that concern it, without looking at the others. */
export const identityIndexes = {
  subject: ({ metadata, spec }) => [
    ...new Set(
      (spec.subjects ?? []).map((subject) => `${subject.namespace ?? metadata.namespace}/${subject.serviceAccount}`),
    ),
  ],
  workload: ({ spec }) => (spec.workload === undefined ? [] : [spec.workload.uid]),
  principalId: ({ metadata }) => [metadata.uid],
  clientId: ({ status }) => (status?.clientId === undefined ? [] : [status.clientId.toLowerCase()]),
} as const satisfies Indexes<ManagedIdentity>;
