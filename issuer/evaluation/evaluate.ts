import type { Grant } from "../../identity/access.ts";
import type { AccessDecision } from "../../identity/access-index.ts";
import { assignmentKey } from "../../identity/access-index.ts";
import { canonicalAudience, registeredSpelling } from "../../identity/audience.ts";
import type { PodIdentity } from "../../identity/claims.ts";
import type { QuestionMeter } from "../../identity/condition-judge.ts";
import { principalId, resourceIdOf, type TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { missSentence } from "../../identity/nearest-miss.ts";
import { type Refusal, refusals } from "../../identity/reasons.ts";
import { namespaceScope, type Scope } from "../../identity/scope.ts";
import { resourceUnusable } from "../../kube/stored-resource.ts";
import type { ClusterState } from "../cluster-state.ts";
import { relationOf } from "../relation.ts";
import type { IssuerSettings } from "../settings.ts";
import type { EvaluationRequest } from "./evaluation-request.ts";
import { evaluationSubject } from "./evaluation-subject.ts";
import { evaluationTarget } from "./evaluation-target.ts";
import { type NamedPod, namedPod } from "./named-pod.ts";

/** AuthZEN §6.2; what explains a decision is in its context. */
export interface Evaluation {
  readonly decision: boolean;
  readonly context: {
    readonly reason_code?: string;
    readonly reason: string;
    readonly role?: string;
    readonly assignment?: string;
    readonly scope?: string;
    /** True if the question brought an access token and the issuer checked it; otherwise the member is missing. */
    readonly token_checked?: true;
  };
}

export interface EvaluationFacts {
  readonly cluster: ClusterState;
  readonly settings: Pick<IssuerSettings, "decisionNamespaces">;
}

export interface Question {
  readonly asked: EvaluationRequest;
  /** The service that asks. */
  readonly caller: Pick<PodIdentity, "namespace">;
  readonly tenant: TenantId;
  /** Counts what the question takes. */
  readonly meter?: QuestionMeter;
}

/**
 * May this identity do this action on this resource, as the stores say now? Denied unless a role says yes. The answer to
 * a caller of neither the identity's nor the resource's namespace is made before anything is looked up that it may not
 * know, so that neither its bytes nor its time depend on it.
 */
export async function evaluate(question: Question, { cluster, settings }: EvaluationFacts): Promise<Evaluation> {
  const { asked, caller, tenant } = question;
  const subject = evaluationSubject(asked.subject.id, cluster.identity, tenant);
  const target = evaluationTarget(asked.resource, cluster);
  const relation = relationOf({
    callerNamespace: caller.namespace,
    principalNamespace: subject.namespace,
    resourceNamespace: target.namespace,
    decisionNamespaces: settings.decisionNamespaces,
  });
  if (relation === "none")
    return denied(refusals.CallerUnrelated(caller.namespace, asked.subject.id, asked.resource.id));
  if (relation === "principal" && subject.identity === undefined) {
    return denied(refusals.PrincipalUnknown(asked.subject.id));
  }
  if (target.kind === "unusable") return denied(resourceUnusable(target.resource));
  if (target.kind === "unregistered") return denied(refusals.AudienceNotRegistered(asked.resource.id, []));
  const at = {
    asked,
    scope: target.scope,
    identity: subject.identity,
    pod: await namedPod({ asked, identity: subject.identity, meter: question.meter }, cluster, tenant),
  };
  const decided = decide(at, question, cluster);
  const explained = relation === "principal" || isToldHere(decided);
  return explained
    ? explain(at, decided)
    : denied(refusals.ActionNotGranted(asked.subject.id, asked.action.name, at.scope));
}

interface Asked {
  readonly asked: EvaluationRequest;
  readonly scope: Scope;
  readonly identity: ManagedIdentity | undefined;
  readonly pod: NamedPod | undefined;
}

/** What no identity has the id of is decided all the same, in the time that it takes. */
const nobody = principalId("00000000-0000-0000-0000-000000000000");

function decide(
  { asked, scope, identity, pod }: Asked,
  { caller, meter }: Pick<Question, "caller" | "meter">,
  cluster: ClusterState,
): AccessDecision {
  const principal = identity === undefined ? nobody : principalId(identity.metadata.uid);
  const within = namespaceScope(caller.namespace);
  const explain = identity === undefined ? { within } : { within, identity };
  const facts = pod?.mayUseIdentity === true ? pod.facts : undefined;
  return cluster.access.decide(
    { principal, action: asked.action.name, scope, explain },
    { now: cluster.now(), audience: audienceMeant(asked, cluster), pod: facts, meter },
  );
}

/** To the resource's namespace an identity is known by an assignment that concerns the resource, and by nothing else. */
function isToldHere(decided: AccessDecision): boolean {
  return decided.kind === "allowed" || decided.nearestMiss !== undefined;
}

function explain({ asked, scope, identity, pod }: Asked, decided: AccessDecision): Evaluation {
  if (identity === undefined) return denied(refusals.PrincipalUnknown(asked.subject.id));
  const name = resourceIdOf(identity.metadata);
  if (identity.spec.disabled) return denied(refusals.IdentityDisabled(name));
  if (pod !== undefined && !pod.mayUseIdentity) {
    return denied(refusals.PodNotOfPrincipal(pod.name, name));
  }
  if (decided.kind === "allowed") return allowed(decided.grant, asked.action.name);
  const nearest = decided.nearestMiss && missSentence(decided.nearestMiss);
  return denied(refusals.ActionNotGranted(name, asked.action.name, scope, nearest));
}

/** Of the token that was shown, when the question says so; else the one that the question asks about. */
function audienceMeant(
  { context, resource }: EvaluationRequest,
  { audienceOwners }: Pick<ClusterState, "audienceOwners">,
): string | undefined {
  const audience = context?.audience ?? resource.id;
  const owner = audienceOwners.usable.get(canonicalAudience(audience));
  return owner === undefined ? context?.audience : registeredSpelling(owner, audience);
}

export function denied({ code, sentence }: Refusal): Evaluation {
  return { decision: false, context: { reason_code: code, reason: sentence } };
}

function allowed({ role, scope, assignment }: Grant, action: string): Evaluation {
  const assigned = assignmentKey(assignment);
  const reason = `Role ${role.metadata.name}, given by ${assignment.kind} ${assigned}, allows ${action} at ${scope}.`;
  return { decision: true, context: { reason, role: role.metadata.name, assignment: assigned, scope } };
}
