import type { AccessQuestion, Denied, Grant } from "./access.ts";
import { type AssignedRole, assignedRole, standingOf } from "./assigned-role.ts";
import { compileCondition, type MissingFact } from "./assignment-condition.ts";
import { ConditionJudge, QuestionMeter } from "./condition-judge.ts";
import { findNearestMiss } from "./find-nearest-miss.ts";
import { HeldRoles } from "./held-roles.ts";
import type { PrincipalId } from "./ids.ts";
import { inBoth } from "./in-both.ts";
import { NamedPrincipals } from "./named-principals.ts";
import type { NearestMiss } from "./nearest-miss.ts";
import type { ObjectMeta } from "./object-meta.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";
import { RoleCatalog } from "./role-catalog.ts";
import type { RoleDefinition } from "./role-definition.ts";
import { enclosingScopes, type Scope } from "./scope.ts";

export type AccessDecision =
  | { readonly kind: "allowed"; readonly grant: Grant }
  | { readonly kind: "denied"; readonly nearestMiss: NearestMiss | undefined };

/** `NAMESPACE/NAME` of a RoleAssignment, `NAME` of a ClusterRoleAssignment: no two have the same. */
export function assignmentKey({
  metadata: { namespace, name },
}: {
  readonly metadata: Pick<ObjectMeta, "namespace" | "name">;
}): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/**
 * Who may do what where. Kept by events: every assignment and role that comes, changes or goes is told, in any order.
 * An assignment counts when the operator pinned it to exactly the principal asked about, it is in force, its condition
 * is met, its role exists and has actions, and its scope contains the one asked about.
 */
export class AccessIndex {
  readonly #roles = new RoleCatalog();
  readonly #assigned = new Map<string, AssignedRole>();
  /** By the principal that an assignment is pinned to. */
  readonly #held = new Map<string, HeldRoles>();
  readonly #named = new NamedPrincipals();

  putRole(role: RoleDefinition): void {
    this.#roles.put(role);
  }

  deleteRole(name: string): void {
    this.#roles.delete(name);
  }

  putAssignment(assignment: AnyRoleAssignment): void {
    const key = assignmentKey(assignment);
    this.deleteAssignment(key);
    const assigned = assignedRole(assignment);
    if (assigned === undefined) return;
    this.#assigned.set(key, assigned);
    this.#named.put(key, assigned);
    const pinned = assignment.status?.principalId;
    if (pinned === undefined) return;
    const held = this.#held.get(pinned) ?? new HeldRoles();
    this.#held.set(pinned, held);
    held.put(key, assigned);
  }

  /** `key` as `assignmentKey` gives it. */
  deleteAssignment(key: string): void {
    const assigned = this.#assigned.get(key);
    if (assigned === undefined) return;
    this.#assigned.delete(key);
    this.#named.delete(key, assigned);
    const pinned = assigned.assignment.status?.principalId ?? "";
    const held = this.#held.get(pinned);
    held?.delete(key, assigned);
    if (held?.isEmpty) this.#held.delete(pinned);
  }

  /** The grants that hold at a scope. */
  grantsAt(principal: PrincipalId, scope: Scope, facts: RequestFacts): Grant[] {
    return [...this.#grants(principal, enclosingScopes(scope), this.#roles.withActions, new ConditionJudge(facts))];
  }

  /** The grants that hold on a part of a resource, and not on all of it. */
  grantsBelow(principal: PrincipalId, resource: Scope, facts: RequestFacts): Generator<Grant> {
    const parts = this.#held.get(principal)?.partsOf(resource) ?? [];
    return this.#grants(principal, parts, this.#roles.withActions, new ConditionJudge(facts));
  }

  /** The resources on which, or on a part of which, a principal was assigned anything. */
  resourcesOf(principal: PrincipalId): Iterable<Scope> {
    return (this.#held.get(principal) ?? nothing).resources;
  }

  decide(question: AccessQuestion, request: RequestFacts): AccessDecision {
    const facts = { ...request, meter: request.meter ?? new QuestionMeter() };
    const { principal, action, scope } = question;
    const judge = new ConditionJudge(facts);
    const granted = this.#grants(principal, enclosingScopes(scope), this.#roles.allowing(action), judge).next();
    if (!granted.done) return { kind: "allowed", grant: granted.value };
    return { kind: "denied", nearestMiss: this.nearestMiss(question, facts) };
  }

  /** What comes nearest to giving what was denied: an action or, when none is asked for, any role. */
  nearestMiss({ principal, scope, action, explain = {} }: Denied, facts: RequestFacts): NearestMiss | undefined {
    const wanted = action === undefined ? this.#roles.withActions : this.#roles.allowing(action);
    const miss = findNearestMiss(
      { scope, wanted, judge: new ConditionJudge(facts), within: explain.within },
      {
        held: this.#held.get(principal) ?? nothing,
        notPinned: explain.identity === undefined ? [] : this.#named.notPinned(explain.identity, principal),
        roleExists: (name) => this.#roles.get(name) !== undefined,
      },
    );
    if (miss === undefined) return undefined;
    const { kind, assigned } = miss;
    const lacks = kind === "conditionUndecided" ? missingFact(assigned, facts) : undefined;
    return { kind, assignment: assigned.assignment, scope: assigned.scope, asked: { scope, action }, lacks };
  }

  *#grants(
    principal: PrincipalId,
    scopes: Iterable<Scope>,
    wanted: ReadonlySet<string>,
    judge: ConditionJudge,
  ): Generator<Grant> {
    const held = this.#held.get(principal) ?? nothing;
    for (const scope of scopes) {
      const assigned = held.at(scope);
      for (const name of inBoth(assigned, wanted)) yield* inForce(this.#roles.get(name), assigned.get(name), judge);
    }
  }
}

const nothing = new HeldRoles();

function missingFact({ assignment }: AssignedRole, facts: RequestFacts): MissingFact | undefined {
  const { condition } = assignment.spec;
  const compiled = condition === undefined ? undefined : compileCondition(condition);
  const outcome = compiled?.kind === "compiled" ? compiled.condition.evaluate(facts) : undefined;
  return outcome?.kind === "undecided" ? outcome.lacks : undefined;
}

function* inForce(
  role: RoleDefinition | undefined,
  assigned: ReadonlyMap<string, AssignedRole> | undefined,
  judge: ConditionJudge,
): Generator<Grant> {
  if (role === undefined || assigned === undefined) return;
  for (const each of assigned.values()) {
    if (!judge.mayLook()) return;
    const { scope, assignment } = each;
    if (standingOf(each, judge) === "inForce") yield { role, scope, assignment };
  }
}
