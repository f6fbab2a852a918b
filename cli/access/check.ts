import type { AccessDecision } from "../../identity/access-index.ts";
import { principalId, resourceIdOf } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { clusterScope } from "../../identity/scope.ts";
import type { NamedPod } from "../../issuer/evaluation/named-pod.ts";
import { roleAssignments } from "../../kube/kinds.ts";
import { listReadable } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { askingPod } from "../identity/asking-pod.ts";
import { findIdentity } from "../identity/find-identity.ts";
import { findTarget, type Target } from "./find-target.ts";
import { parseAction } from "./parse-action.ts";
import { type AccessObjects, indexOf, readAccessAt } from "./read-access.ts";
import { readAudiences, spelled } from "./read-audiences.ts";

export interface CheckOptions {
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  /** `[NAMESPACE/]NAME` of the pod that would ask. */
  readonly pod?: string;
  /** Of the token that would be shown. */
  readonly audience?: string;
}

/** What was asked, and all that bears on it. */
export interface Asked {
  readonly identity: ManagedIdentity;
  readonly action: string;
  readonly target: Target;
  readonly pod: NamedPod | undefined;
  readonly facts: RequestFacts;
  readonly objects: AccessObjects;
}

export type Outcome =
  | AccessDecision
  /** Whatever roles there are. */
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface Check extends Asked {
  readonly outcome: Outcome;
}

/** Asks what the issuer would be asked, and decides in its order and by its rules. */
export async function checkAccess(options: CheckOptions, session: Session): Promise<Check> {
  const action = parseAction(options.action);
  const [identity, target] = await Promise.all([
    findIdentity(options.as, session),
    findTarget(options.resource, session),
  ]);
  const [pod, audience, objects] = await Promise.all([
    options.pod === undefined ? undefined : askingPod(options.pod, identity, session),
    options.audience === undefined ? target.audience : spelledAudience(options.audience, session),
    readAccessAt(session.api, target.scope),
  ]);
  const facts = { now: session.clock.now(), audience, pod: pod?.facts };
  const asked = { identity, action, target, pod, facts, objects };
  return { ...asked, outcome: await outcomeOf(asked, session) };
}

async function spelledAudience(audience: string, session: Session): Promise<string> {
  return spelled(audience, await readAudiences(session));
}

async function outcomeOf(asked: Asked, { api }: Session): Promise<Outcome> {
  const refusal = refusalOf(asked);
  if (refusal !== undefined) return { kind: "refused", refusal };
  const decision = decide(asked, asked.objects.assignments);
  if (decision.kind === "allowed") return decision;
  // The assignments of other namespaces decide nothing, but one of them may come near.
  const { items: elsewhere } = await listReadable(api, roleAssignments);
  return decide(asked, [...elsewhere, ...asked.objects.assignments]);
}

function refusalOf({ identity, target, pod }: Asked): Refusal | undefined {
  const name = resourceIdOf(identity.metadata);
  if (identity.spec.disabled) return refusals.IdentityDisabled(name);
  if (target.refusal !== undefined) return target.refusal;
  const isItsPod = pod === undefined || pod.mayUseIdentity;
  return isItsPod ? undefined : refusals.PodNotOfPrincipal(pod.name, name);
}

function decide(asked: Asked, assignments: readonly AnyRoleAssignment[]): AccessDecision {
  const { identity, action, target, facts, objects } = asked;
  const principal = principalId(identity.metadata.uid);
  const explain = { identity, within: clusterScope };
  const question = { principal, action, scope: target.scope, explain };
  return indexOf(objects.roles, assignments).decide(question, facts);
}
