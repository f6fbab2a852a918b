import type { AccessQuestion, Grant } from "./access.ts";
import { segmentsOf } from "./action-set.ts";
import { type AssignedRole, assignedRole, standingOf } from "./assigned-role.ts";
import { type CompiledRole, compileRole } from "./compiled-role.ts";
import { type Assigned, HeldRoles } from "./held-roles.ts";
import type { PrincipalId } from "./ids.ts";
import type { NearestMiss } from "./nearest-miss.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";
import type { RoleDefinition } from "./role-definition.ts";
import { enclosingScopes, type Scope } from "./scope.ts";

export type AccessDecision =
  | { readonly kind: "allowed"; readonly grant: Grant }
  | { readonly kind: "denied"; readonly nearestMiss: NearestMiss | undefined };

/** `NAMESPACE/NAME` of a RoleAssignment, `NAME` of a ClusterRoleAssignment, which no other has. */
export function assignmentKey({ metadata: { namespace, name } }: AnyRoleAssignment): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/**
 * Who may do what where. Kept by events: every assignment and role that comes, changes or goes is told, in any order.
 * An assignment counts when the operator pinned it to exactly the principal asked about, it is in force, its condition
 * is met, its role exists and has actions, and its scope contains the one asked about.
 */
export class AccessIndex {
  readonly #roles = new Map<string, CompiledRole>();
  readonly #assigned = new Map<string, AssignedRole>();
  readonly #held = new Map<string, HeldRoles>();

  putRole(role: RoleDefinition): void {
    this.#roles.set(role.metadata.name, compileRole(role));
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
    const principal = assignment.status?.principalId;
    if (principal === undefined) return;
    const held = this.#held.get(principal) ?? new HeldRoles();
    this.#held.set(principal, held);
    held.put(key, assigned);
  }

  /** `key` as `assignmentKey` gives it. */
  deleteAssignment(key: string): void {
    const assigned = this.#assigned.get(key);
    if (assigned === undefined) return;
    this.#assigned.delete(key);
    const principal = assigned.assignment.status?.principalId;
    const held = principal === undefined ? undefined : this.#held.get(principal);
    if (principal === undefined || held === undefined) return;
    held.delete(key, assigned);
    if (held.scopes.size === 0) this.#held.delete(principal);
  }

  /** The grants that hold at a scope. */
  grantsAt(principal: PrincipalId, scope: Scope, facts: RequestFacts): Grant[] {
    return enclosingScopes(scope).flatMap((at) => [...this.#grantsOf(principal, at, facts)]);
  }

  /** The grants that hold on a part of a resource, and not on all of it. */
  *grantsBelow(principal: PrincipalId, resource: Scope, facts: RequestFacts): Generator<Grant> {
    for (const part of this.#held.get(principal)?.partsOf(resource) ?? []) {
      yield* this.#grantsOf(principal, part, facts);
    }
  }

  decide({ principal, action, scope }: AccessQuestion, facts: RequestFacts): AccessDecision {
    const asked = segmentsOf(action);
    const held = this.#held.get(principal);
    for (const at of enclosingScopes(scope)) {
      for (const [name, assigned] of held?.scopes.get(at) ?? []) {
        const role = this.#roles.get(name);
        const grant = role?.allows(asked) ? grantsInForce(role, assigned, facts).next().value : undefined;
        if (grant !== undefined) return { kind: "allowed", grant };
      }
    }
    return { kind: "denied", nearestMiss: undefined };
  }

  *#grantsOf(principal: PrincipalId, at: Scope, facts: RequestFacts): Generator<Grant> {
    for (const [name, assigned] of this.#held.get(principal)?.scopes.get(at) ?? []) {
      const role = this.#roles.get(name);
      if (role?.hasActions) yield* grantsInForce(role, assigned, facts);
    }
  }
}

function* grantsInForce(role: CompiledRole, assigned: Assigned, facts: RequestFacts): Generator<Grant> {
  for (const each of assigned.values()) {
    if (standingOf(each, facts) === "inForce") yield grantOf(role, each);
  }
}

const grantOf = ({ definition: role }: CompiledRole, { scope, assignment }: AssignedRole): Grant => ({
  role,
  scope,
  assignment,
});
