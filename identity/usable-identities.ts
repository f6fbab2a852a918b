import {
  type ClientId,
  clientIdOf,
  type PrincipalId,
  principalId,
  type ResourceId,
  resourceIdOf,
  type TenantId,
} from "./ids.ts";
import type { ManagedIdentity, Subject } from "./managed-identity.ts";
import { pinnedSubjectNamespace } from "./pinned-namespace.ts";

/** What the issuer knows of a pod from the API, never from what the pod says of itself; only the annotation is the pod's own word. */
export interface PodFacts {
  readonly namespace: string;
  /** UID of the pod's namespace; undefined where it is not known, which only explanations may leave out. */
  readonly namespaceUid?: string;
  readonly serviceAccount: string;
  /** The annotation lanyard.dev/identity, as written. */
  readonly annotatedIdentity?: string;
  /** UIDs of the pod and of every controller above it (ReplicaSet, Deployment, …). */
  readonly controllerChain: ReadonlySet<string>;
  /** The controller at which the chain ended because this installation does not read its kind: `Rollout (argoproj.io)`. */
  readonly unknownController?: string;
}

/** An identity that a pod may use, and how the pod came to it. */
export interface BoundIdentity {
  readonly identity: ManagedIdentity;
  readonly principalId: PrincipalId;
  readonly clientId: ClientId;
  readonly resourceId: ResourceId;
  readonly annotated: boolean;
  readonly systemAssigned: boolean;
  readonly crossNamespace: boolean;
}

/** The identities among `identities` that this pod may use. An identity that is being deleted is already gone. */
export function usableIdentities(
  pod: PodFacts,
  identities: Iterable<ManagedIdentity>,
  tenant: TenantId,
): BoundIdentity[] {
  const usable: BoundIdentity[] = [];
  for (const identity of identities) {
    if (mayUse(pod, identity)) usable.push(bind(pod, identity, tenant));
  }
  return usable;
}

function mayUse(pod: PodFacts, identity: ManagedIdentity): boolean {
  if (identity.metadata.deletionTimestamp !== undefined) return false;
  if (identity.spec.type === "SystemAssigned") return isItsWorkload(pod, identity);
  const { namespace } = identity.metadata;
  const consented = (identity.spec.subjects ?? []).some((subject) => isSubject(pod, subject, namespace));
  if (pod.namespace === namespace) return consented;
  return consented && isConsentedNamespace(pod, identity) && isAnnotated(pod, identity);
}

/** Consent is to a namespace, not to a name that another team may have later. */
function isConsentedNamespace({ namespace, namespaceUid }: PodFacts, identity: ManagedIdentity): boolean {
  const pinned = pinnedSubjectNamespace(identity, namespace);
  return pinned === undefined || namespaceUid === undefined || pinned === namespaceUid;
}

/** The controller chain alone decides: two workloads of one ServiceAccount have two system-assigned identities. */
function isItsWorkload(pod: PodFacts, identity: ManagedIdentity): boolean {
  const { workload } = identity.spec;
  return (
    workload !== undefined && pod.namespace === identity.metadata.namespace && pod.controllerChain.has(workload.uid)
  );
}

function isSubject(pod: PodFacts, subject: Subject, identityNamespace: string): boolean {
  return subject.serviceAccount === pod.serviceAccount && (subject.namespace ?? identityNamespace) === pod.namespace;
}

function bind(pod: PodFacts, identity: ManagedIdentity, tenant: TenantId): BoundIdentity {
  const principal = principalId(identity.metadata.uid);
  return {
    identity,
    principalId: principal,
    clientId: clientIdOf(principal, tenant),
    resourceId: resourceIdOf(identity.metadata),
    annotated: isAnnotated(pod, identity),
    systemAssigned: identity.spec.type === "SystemAssigned",
    crossNamespace: identity.metadata.namespace !== pod.namespace,
  };
}

/** `[NAMESPACE/]NAME`: without a namespace the pod's own is meant. */
function isAnnotated(pod: PodFacts, identity: ManagedIdentity): boolean {
  const { namespace, name } = identity.metadata;
  const written = pod.annotatedIdentity;
  return written === `${namespace}/${name}` || (written === name && namespace === pod.namespace);
}
