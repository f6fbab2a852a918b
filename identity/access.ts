import { actionMatches } from "./action.ts";
import type { PrincipalId } from "./ids.ts";
import type { ManagedIdentity } from "./managed-identity.ts";
import { type AnyRoleAssignment, scopeOf } from "./role-assignment.ts";
import type { RoleDefinition } from "./role-definition.ts";
import { type Scope, scopeContains } from "./scope.ts";

/** What a decision is made from. `now` is in milliseconds since the epoch. */
export interface AccessFacts {
  readonly assignments: Iterable<AnyRoleAssignment>;
  readonly roleDefinitions: ReadonlyMap<string, RoleDefinition>;
  readonly now: number;
}

/** A role that a principal holds somewhere, and the assignment that gave it. */
export interface Grant {
  readonly role: RoleDefinition;
  readonly scope: Scope;
  readonly assignment: AnyRoleAssignment;
}

/**
 * The grants of a principal that hold at a scope. An assignment counts when the operator pinned it to exactly this
 * principal, it has not ended, it is not being deleted, its role exists and its scope contains the one asked about.
 * A role without actions says something of the Kubernetes API alone (`kubernetesRole`), and nothing of any scope here.
 */
export function effectiveGrants(principal: PrincipalId, at: Scope, facts: AccessFacts): Grant[] {
  const grants: Grant[] = [];
  for (const assignment of facts.assignments) {
    if (assignment.status?.principalId !== principal || !isInForce(assignment, facts.now)) continue;
    const role = facts.roleDefinitions.get(assignment.spec.roleDefinition);
    const scope = scopeOf(assignment);
    if (role === undefined || !hasActions(role) || scope === undefined) continue;
    if (scopeContains(scope, at)) grants.push({ role, scope, assignment });
  }
  return grants;
}

const hasActions = ({ spec }: RoleDefinition): boolean => (spec.actions ?? []).length > 0;

function isInForce({ metadata, spec }: AnyRoleAssignment, now: number): boolean {
  return metadata.deletionTimestamp === undefined && (spec.expiresAt === undefined || Date.parse(spec.expiresAt) > now);
}

/** Names of the roles in the grants, each once, sorted: the `roles` of a token. */
export function roleNames(grants: readonly Grant[]): string[] {
  return [...new Set(grants.map((grant) => grant.role.metadata.name))].sort();
}

/** The first grant that allows a concrete action; undefined when none does. */
export function grantFor(action: string, grants: readonly Grant[]): Grant | undefined {
  return grants.find(({ role }) => roleAllows(role, action));
}

/** `notActions` takes away from its own role only; it is not a denial. */
export function roleAllows({ spec }: RoleDefinition, action: string): boolean {
  const covers = (pattern: string): boolean => actionMatches(pattern, action);
  return (spec.actions ?? []).some(covers) && !(spec.notActions ?? []).some(covers);
}

/** May a principal do an action at a scope? */
export interface AccessQuestion {
  readonly principal: PrincipalId;
  /** A concrete action, such as `secrets/read`. */
  readonly action: string;
  readonly scope: Scope;
  readonly explain?: Explanation;
}

/** What the explanation of a denial may speak of, beside the grants whose scope contains the one asked about. */
export interface Explanation {
  /** The principal's identity: assignments that name it, and were pinned to an earlier one of its name, are looked for. */
  readonly identity?: ManagedIdentity;
  /** Grants at other scopes are told of only within this one; of none when left out. */
  readonly within?: Scope;
}
