import { clientIdOf, principalId, type TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { ClusterState } from "../cluster-state.ts";

/** Whom a question is about: undefined identity for an id that no identity has. */
export interface EvaluationSubject {
  readonly identity: ManagedIdentity | undefined;
  /** Also that of a resource id which no identity has. */
  readonly namespace: string | undefined;
}

type Identities = ClusterState["identity"];

const RESOURCE_ID = /^\/namespaces\/([a-z\d-]+)\/managedidentities\/([a-z\d.-]+)$/i;

/** By principal id, client id or resource id. One that is being deleted is already gone. */
export function evaluationSubject(id: string, identities: Identities, tenant: TenantId): EvaluationSubject {
  const key = keyIn(id);
  const named = key && identities.named(key);
  const found = identities.withPrincipalId(id) ?? withClientId(id, identities, tenant) ?? named;
  const identity = found?.metadata.deletionTimestamp === undefined ? found : undefined;
  return { identity, namespace: identity?.metadata.namespace ?? key?.namespace };
}

/** The status that the index is made from may be old; the client id is always a function of the principal's. */
function withClientId(id: string, { withClientId }: Identities, tenant: TenantId): ManagedIdentity | undefined {
  const found = withClientId(id);
  const own = found && clientIdOf(principalId(found.metadata.uid), tenant);
  return own?.toLowerCase() === id.toLowerCase() ? found : undefined;
}

/**
 * Names in Kubernetes are lower case; resource ids, like those of the cloud, are compared without regard to case. Only
 * that of ASCII: in Unicode there are other letters that become one of them, so that what is shown would not be what is meant.
 */
function keyIn(id: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = RESOURCE_ID.exec(id) ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  return { namespace: namespace.toLowerCase(), name: name.toLowerCase() };
}
