import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { subjectNamespacesOf } from "../../identity/pinned-namespace.ts";
import { keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { objectText } from "../object-name.ts";

/** Each ServiceAccount that the identity names, as `NAMESPACE/NAME`. */
export function subjectsOf(identity: Stored<ManagedIdentity>): readonly string[] {
  if (!isUsable(identity)) return [];
  const { spec, metadata } = identity;
  return (spec.subjects ?? []).map(({ namespace, serviceAccount }) =>
    keyText({ namespace: namespace ?? metadata.namespace, name: serviceAccount }),
  );
}

export function foreignNamespacesOf(identity: Stored<ManagedIdentity>): readonly string[] {
  return isUsable(identity) ? [...subjectNamespacesOf(identity)] : [];
}

/** The workload of a system-assigned identity, as `Deployment shop/web`. */
export function workloadOf(identity: Stored<ManagedIdentity>): readonly string[] {
  if (!isUsable(identity) || identity.spec.workload === undefined) return [];
  const { kind, name } = identity.spec.workload;
  return [objectText({ kind, namespace: identity.metadata.namespace, name })];
}

export const managedIdentityIndexes = {
  subject: subjectsOf,
  foreignNamespace: foreignNamespacesOf,
  workload: workloadOf,
  namespace: ({ metadata }: Stored<ManagedIdentity>) => (metadata.namespace === undefined ? [] : [metadata.namespace]),
};
