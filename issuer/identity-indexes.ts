import type { ManagedIdentity } from "../identity/managed-identity.ts";
import type { Indexes } from "../kube/store.ts";

/** By which values a request finds the identities that concern it, without looking at the others. */
export const identityIndexes = {
  // A pod of another namespace names the identity in its annotation, so that nothing has to be found by its subject.
  subject: ({ metadata, spec }) => {
    const own = (spec.subjects ?? []).filter(({ namespace = metadata.namespace }) => namespace === metadata.namespace);
    return [...new Set(own.map(({ serviceAccount }) => `${metadata.namespace}/${serviceAccount}`))];
  },
  workload: ({ spec }) => (spec.workload === undefined ? [] : [spec.workload.uid]),
  principalId: ({ metadata }) => [metadata.uid],
  clientId: ({ status }) => (status?.clientId === undefined ? [] : [status.clientId.toLowerCase()]),
} as const satisfies Indexes<ManagedIdentity>;
