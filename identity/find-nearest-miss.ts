import { type AssignedRole, standingOf } from "./assigned-role.ts";
import type { ConditionJudge } from "./condition-judge.ts";
import type { HeldRoles } from "./held-roles.ts";
import { inBoth } from "./in-both.ts";
import { includes } from "./in-force.ts";
import { type MissKind, missKinds } from "./nearest-miss.ts";
import { enclosingScopes, type Scope, scopeContains } from "./scope.ts";

/** How much each kind of miss is looked for among: the cost of a denial must not grow with what a principal holds. */
const MOST_SCOPES = 50;
const MOST_ROLES = 500;
const MOST_ASSIGNMENTS = 100;

/** What was asked and denied. */
export interface Denial {
  readonly scope: Scope;
  /** Names of the roles that would have done. */
  readonly wanted: ReadonlySet<string>;
  readonly judge: ConditionJudge;
  /** Grants at other scopes are looked for within this one; not at all when undefined. */
  readonly within: Scope | undefined;
}

/** Where to look. */
export interface Candidates {
  readonly held: HeldRoles;
  /** Assignments that name the principal's identity and are not pinned to it. */
  readonly notPinned: Iterable<AssignedRole>;
  readonly roleExists: (name: string) => boolean;
}

export interface Miss {
  readonly kind: MissKind;
  readonly assigned: AssignedRole;
}

/**
 * What comes nearest to allowing what was denied. An assignment that would allow it, were it in force, is nearer than
 * the right role at another scope, and that is nearer than a role at the right scope that does not have the action.
 */
export function findNearestMiss(denial: Denial, candidates: Candidates): Miss | undefined {
  return (
    nearest(withheld(denial, candidates)) ??
    nearest(notPinned(denial, candidates)) ??
    closest(atOtherScopes(denial, candidates), denial.scope) ??
    nearest(ofOtherRoles(denial, candidates))
  );
}

/** Assignments to the principal whose scope contains the one asked about, and that give nothing now. */
function* withheld({ scope, wanted, judge }: Denial, { held, roleExists }: Candidates): Generator<Miss> {
  const isCandidate = (role: string): boolean => wanted.has(role) || !roleExists(role);
  for (const assigned of assignedAt(held, enclosingScopes(scope), isCandidate)) {
    const standing = standingOf(assigned, judge);
    if (standing !== "inForce") yield { kind: standing, assigned };
    else if (!roleExists(assigned.role)) yield { kind: "roleMissing", assigned };
  }
}

/** Assignments that name the identity, but give their role to an earlier one of its name, or to nobody yet. */
function* notPinned({ scope, wanted, judge }: Denial, candidates: Candidates): Generator<Miss> {
  for (const assigned of Iterator.from(candidates.notPinned).take(MOST_ASSIGNMENTS)) {
    if (!wanted.has(assigned.role) || !scopeContains(assigned.scope, scope)) continue;
    const isPending = assigned.assignment.status?.principalId === undefined;
    if (includes(assigned.period, judge.facts.now))
      yield { kind: isPending ? "principalPending" : "principalReplaced", assigned };
  }
}

function* atOtherScopes({ scope, wanted, judge, within }: Denial, { held }: Candidates): Generator<Miss> {
  if (within === undefined) return;
  for (const { role, at } of scopesOfRoles(held, wanted).take(MOST_SCOPES)) {
    const isOther = scopeContains(within, at) && !scopeContains(at, scope);
    const assigned = isOther ? begunAndNotEnded(held.at(at).get(role), judge.facts.now) : undefined;
    if (assigned !== undefined) yield { kind: "otherScope", assigned };
  }
}

function* scopesOfRoles(held: HeldRoles, roles: ReadonlySet<string>): Generator<{ role: string; at: Scope }> {
  for (const role of inBoth(held.scopesByRole, roles)) {
    for (const at of held.scopesByRole.get(role)?.values() ?? []) yield { role, at };
  }
}

/** Whether its condition is met is left open: at the scope that was asked about another request may ask. */
function begunAndNotEnded(
  assigned: ReadonlyMap<string, AssignedRole> | undefined,
  now: number,
): AssignedRole | undefined {
  const few = Iterator.from(assigned?.values() ?? []).take(MOST_ASSIGNMENTS);
  return few.find(({ period }) => includes(period, now));
}

/** The first is as good as any. */
function* ofOtherRoles({ scope, wanted, judge }: Denial, { held }: Candidates): Generator<Miss> {
  for (const assigned of assignedAt(held, enclosingScopes(scope), (role) => !wanted.has(role))) {
    if (standingOf(assigned, judge) !== "inForce") continue;
    yield { kind: "otherAction", assigned };
    return;
  }
}

/** The first of what is assigned at some scopes, of each role that is a candidate. */
function* assignedAt(
  held: HeldRoles,
  scopes: Iterable<Scope>,
  isCandidate: (role: string) => boolean,
): Generator<AssignedRole> {
  let left = MOST_ASSIGNMENTS;
  for (const assigned of byRole(held, scopes, isCandidate)) {
    for (const each of assigned) {
      yield each;
      left -= 1;
      if (left === 0) return;
    }
  }
}

function* byRole(
  held: HeldRoles,
  scopes: Iterable<Scope>,
  isCandidate: (role: string) => boolean,
): Generator<Iterable<AssignedRole>> {
  let left = MOST_ROLES;
  for (const scope of scopes) {
    for (const [role, assigned] of held.at(scope)) {
      if (isCandidate(role)) yield assigned.values();
      left -= 1;
      if (left === 0) return;
    }
  }
}

/** The first of those whose kind is nearest. */
function nearest(misses: Iterable<Miss>): Miss | undefined {
  return least(misses, ({ kind }) => missKinds.indexOf(kind));
}

/** The first of those that share the narrowest scope with the one asked about. */
function closest(misses: Iterable<Miss>, scope: Scope): Miss | undefined {
  const enclosing = enclosingScopes(scope);
  return least(misses, ({ assigned }) => enclosing.findIndex((at) => scopeContains(at, assigned.scope)));
}

function least(misses: Iterable<Miss>, distanceOf: (miss: Miss) => number): Miss | undefined {
  let found: Miss | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const miss of misses) {
    const its = distanceOf(miss);
    if (its < distance) [found, distance] = [miss, its];
  }
  return found;
}
