import type { AccessDecision } from "../../identity/access-index.ts";
import { principalId, resourceIdOf } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { type Refusal, refusals } from "../../identity/reasons.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { clusterScope } from "../../identity/scope.ts";
import { roleAssignments } from "../../kube/kinds.ts";
import { listReadable } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { findIdentity } from "../identity/find-identity.ts";
import { parseIdentityReference } from "../identity/identity-reference.ts";
import { findTarget, type Target } from "./find-target.ts";
import { parseAction } from "./parse-action.ts";
import { type AccessObjects, indexOf, readAccessAt } from "./read-access.ts";
import { readFacts } from "./request-facts.ts";
import { parseTargetReference } from "./target-reference.ts";

export interface CheckOptions {
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  readonly pod?: string;
}

/** What was asked, all that bears on it, and what is decided from that. */
export interface Check {
  readonly identity: ManagedIdentity;
  readonly action: string;
  readonly target: Target;
  readonly facts: RequestFacts;
  readonly objects: AccessObjects;
  readonly outcome: Outcome;
}

export type Outcome =
  | Extract<AccessDecision, { kind: "allowed" }>
  | Extract<AccessDecision, { kind: "denied" }>
  /** Whatever roles there are. */
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Asks what the issuer would be asked, and decides by its rules. */
export async function checkAccess(options: CheckOptions, session: Session): Promise<Check> {
  const { api, namespace } = session;
  const action = parseAction(options.action);
  const [identity, target] = await Promise.all([
    findIdentity(parseIdentityReference(options.as, namespace), session),
    findTarget(parseTargetReference(options.resource, namespace), session),
  ]);
  const [facts, objects] = await Promise.all([
    readFacts({ pod: options.pod, audience: target.audience }, session),
    readAccessAt(api, target.scope),
  ]);
  const asked = { identity, action, target, facts, objects };
  return { ...asked, outcome: await outcomeOf(asked, session) };
}

async function outcomeOf(asked: Omit<Check, "outcome">, { api }: Session): Promise<Outcome> {
  const { identity, target, objects } = asked;
  if (identity.spec.disabled)
    return { kind: "refused", refusal: refusals.IdentityDisabled(resourceIdOf(identity.metadata)) };
  if (target.refusal !== undefined) return { kind: "refused", refusal: target.refusal };
  const decision = decide(asked, objects.assignments);
  if (decision.kind === "allowed") return decision;
  // The assignments of other namespaces decide nothing, but one of them may come near.
  const { items: elsewhere } = await listReadable(api, roleAssignments);
  return decide(asked, [...objects.assignments, ...elsewhere]);
}

function decide(
  { identity, action, target: { scope }, facts, objects }: Omit<Check, "outcome">,
  assignments: readonly AnyRoleAssignment[],
): AccessDecision {
  const principal = principalId(identity.metadata.uid);
  const explain = { identity, within: clusterScope };
  return indexOf(objects.roles, assignments).decide({ principal, action, scope, explain }, facts);
}
