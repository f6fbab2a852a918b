import type { MissingFact } from "./assignment-condition.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";
import type { Scope } from "./scope.ts";

/** Why an assignment does not allow what was asked; the first is the nearest to allowing it. */
export const missKinds = [
  "conditionNotMet",
  "conditionUndecided",
  "conditionSkipped",
  "notYetInForce",
  "expired",
  "beingDeleted",
  "principalPending",
  "principalReplaced",
  "roleMissing",
  "otherScope",
  "otherAction",
] as const;
export type MissKind = (typeof missKinds)[number];

/** The assignment that comes nearest to allowing what was asked, and what it lacks. */
export interface NearestMiss {
  readonly kind: MissKind;
  readonly assignment: AnyRoleAssignment;
  readonly scope: Scope;
  readonly asked: Missed;
  /** Of a condition that cannot be decided. */
  readonly lacks?: MissingFact | undefined;
}

/** What was asked: an action; or, with none, any role at all. */
export interface Missed {
  readonly scope: Scope;
  readonly action?: string | undefined;
}

type Words = (role: string, miss: NearestMiss) => string;

const words: Readonly<Record<MissKind, Words>> = {
  conditionNotMet: (role, miss) => `${gives(role, miss)}, but this request does not meet its condition.`,
  conditionUndecided: (role, miss) =>
    `${gives(role, miss)}, but its condition cannot be decided for this request${lacking(miss)}.`,
  conditionSkipped: (role, miss) =>
    `${gives(role, miss)}, but its condition was not evaluated: the identity's assignments that were looked at before take all the steps that one question has. Give it fewer assignments, or shorter conditions.`,
  notYetInForce: (role, miss) => `${gives(role, miss)}, but only from ${miss.assignment.spec.notBefore}.`,
  expired: (role, miss) => `${gives(role, miss)} no more since ${miss.assignment.spec.expiresAt}.`,
  beingDeleted: (role, miss) => `${gives(role, miss)} no more: it is being deleted.`,
  principalPending: (role, miss) =>
    `${gives(role, miss)} once the operator has resolved its principal, which it has not yet.`,
  principalReplaced: (role, miss) =>
    `${nameOf(miss)} gives ${role} on ${miss.scope} to an earlier identity of this name: delete it and create it again to give it to this one.`,
  roleMissing: (role, miss) =>
    `${nameOf(miss)} gives it RoleDefinition ${role} on ${miss.scope}, but there is no such role: create it, or assign one that exists.`,
  // Where no action was asked for, nobody knows whether that role is one that the target means anything by.
  otherScope: (role, { scope, asked }) =>
    asked.action === undefined
      ? `It has ${role} on ${scope}, which gives nothing on ${beside(asked.scope, scope)}.`
      : `It has ${role} on ${scope}; needs it on ${beside(asked.scope, scope)}.`,
  otherAction: (role, { scope, asked }) =>
    `It has ${role} on ${scope}, which does not allow ${asked.action ?? "any action"}.`,
};

/** Without regard to who reads it: what it may speak of was settled when it was looked for. */
export function missSentence(miss: NearestMiss): string {
  return words[miss.kind](miss.assignment.spec.roleDefinition, miss);
}

/** The kind of fact alone: a label's name would tell part of the condition. */
const lackingWords: Readonly<Record<MissingFact, string>> = {
  pod: ", which does not say which pod asks",
  audience: ", which does not say for which audience",
  label: ": the pod lacks a label that it reads",
};

const lacking = ({ lacks }: NearestMiss): string => (lacks === undefined ? "" : lackingWords[lacks]);

const gives = (role: string, miss: NearestMiss): string => `${nameOf(miss)} gives it ${role} on ${miss.scope}`;

function nameOf({ assignment: { kind, metadata } }: NearestMiss): string {
  const { namespace, name } = metadata;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** A scope without the path that it shares with another: `…/payments-vault`. In full when they share no namespace, or when it is the path. */
function beside(scope: Scope, other: Scope): string {
  const [segments, others] = [scope.split("/"), other.split("/")];
  const differs = segments.findIndex((segment, at) => segment !== others[at]);
  return differs < SHARED_WITH_NAMESPACE ? scope : `…/${segments.slice(differs).join("/")}`;
}

/** `/namespaces/NS` in segments, with the empty one in front. */
const SHARED_WITH_NAMESPACE = 3;
