import type { Grant } from "../../identity/access.ts";
import { canonicalAudience, registeredSpelling } from "../../identity/audience.ts";
import type { PodIdentity } from "../../identity/claims.ts";
import { clientIdOf, principalId, resourceIdOf, type TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { missSentence } from "../../identity/nearest-miss.ts";
import { type Refusal, refusals } from "../../identity/reasons.ts";
import { namespaceScope, parseScope, resourceScope, type Scope } from "../../identity/scope.ts";
import type { ClusterState } from "../cluster-state.ts";
import { resourceUnusable } from "../stored-resource.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";
import type { NamedPod } from "./named-pod.ts";

/** AuthZEN §6.2; what explains a decision is in its context. */
export interface Evaluation {
  readonly decision: boolean;
  readonly context: {
    readonly reason_code?: string;
    readonly reason: string;
    readonly role?: string;
    readonly assignment?: string;
    readonly scope?: string;
  };
}

type Cluster = Pick<ClusterState, "identity" | "access" | "audienceOwners" | "now">;

export interface Question {
  readonly asked: EvaluationRequest;
  readonly pod: NamedPod | undefined;
  /** The service that asks: it is told of roles at other scopes only in its own namespace. */
  readonly caller: Pick<PodIdentity, "namespace">;
}

/** May this identity do this action on this resource, as the stores say now? Denied unless a role says yes. */
export function evaluate({ asked, pod, caller }: Question, cluster: Cluster, tenant: TenantId): Evaluation {
  const identity = identityOf(asked.subject.id, cluster, tenant);
  if (identity === undefined) return denied(refusals.PrincipalUnknown(asked.subject.id));
  const name = resourceIdOf(identity.metadata);
  if (identity.spec.disabled) return denied(refusals.IdentityDisabled(name));
  const broken = cluster.audienceOwners.unusable.get(canonicalAudience(asked.resource.id));
  if (broken !== undefined) return denied(resourceUnusable(broken));
  const scope = scopeMeant(asked.resource, cluster);
  if (scope === undefined) return denied(refusals.AudienceNotRegistered(asked.resource.id, []));
  const principal = principalId(identity.metadata.uid);
  if (pod !== undefined && !pod.principals.has(principal)) return denied(refusals.PodNotOfPrincipal(pod.name, name));
  const explain = { identity, within: namespaceScope(caller.namespace) };
  const question = { principal, action: asked.action.name, scope, explain };
  const facts = { now: cluster.now(), audience: audienceMeant(asked, cluster), pod: pod?.facts };
  const decided = cluster.access.decide(question, facts);
  if (decided.kind === "allowed") return allowed(decided.grant, asked.action.name);
  const nearest = decided.nearestMiss && missSentence(decided.nearestMiss);
  return denied(refusals.ActionNotGranted(name, asked.action.name, scope, nearest));
}

const RESOURCE_ID = /^\/namespaces\/([a-z\d-]+)\/managedidentities\/([a-z\d.-]+)$/i;

/** By principal id, client id or resource id. One that is being deleted is already gone. */
function identityOf(id: string, { identity }: Cluster, tenant: TenantId): ManagedIdentity | undefined {
  const found = identity.withPrincipalId(id) ?? withClientId(id, identity, tenant) ?? namedBy(id, identity);
  return found?.metadata.deletionTimestamp === undefined ? found : undefined;
}

/** The status that the index is made from may be old; the client id is always a function of the principal's. */
function withClientId(
  id: string,
  { withClientId }: Cluster["identity"],
  tenant: TenantId,
): ManagedIdentity | undefined {
  const found = withClientId(id);
  const own = found && clientIdOf(principalId(found.metadata.uid), tenant);
  return own?.toLowerCase() === id.toLowerCase() ? found : undefined;
}

/**
 * Names in Kubernetes are lower case; resource ids, like those of the cloud, are compared without regard to case. Only
 * that of ASCII: in Unicode there are other letters that become one of them, so that what is shown would not be what is meant.
 */
function namedBy(id: string, { named }: Cluster["identity"]): ManagedIdentity | undefined {
  const [, namespace, name] = RESOURCE_ID.exec(id) ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  return named({ namespace: namespace.toLowerCase(), name: name.toLowerCase() });
}

/** A scope in its canonical spelling, or an audience that stands for the resource which registers it; or a part of either. */
function scopeMeant({ id, properties }: EvaluationRequest["resource"], { audienceOwners }: Cluster): Scope | undefined {
  const owner = audienceOwners.usable.get(canonicalAudience(id));
  const scope = owner === undefined ? parseScope(id) : resourceScope(owner.metadata.namespace, owner.metadata.name);
  const part = properties?.subresource;
  return scope === undefined || part === undefined ? scope : parseScope(`${scope}/${part}`);
}

/** Of the token that was shown, when the question says so; else the one that the question asks about. */
function audienceMeant({ context, resource }: EvaluationRequest, { audienceOwners }: Cluster): string | undefined {
  const audience = context?.audience ?? resource.id;
  const owner = audienceOwners.usable.get(canonicalAudience(audience));
  return owner === undefined ? context?.audience : registeredSpelling(owner, audience);
}

function denied({ code, sentence }: Refusal): Evaluation {
  return { decision: false, context: { reason_code: code, reason: sentence } };
}

function allowed({ role, scope, assignment }: Grant, action: string): Evaluation {
  const { namespace, name } = assignment.metadata;
  const assigned = namespace === undefined ? name : `${namespace}/${name}`;
  const reason = `Role ${role.metadata.name}, given by ${assignment.kind} ${assigned}, allows ${action} at ${scope}.`;
  return { decision: true, context: { reason, role: role.metadata.name, assignment: assigned, scope } };
}
