import type { PrincipalId } from "./ids.ts";
import type { ManagedIdentity } from "./managed-identity.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";
import type { RoleDefinition } from "./role-definition.ts";
import type { Scope } from "./scope.ts";

/** A role that a principal holds somewhere, and the assignment that gave it. */
export interface Grant {
  readonly role: RoleDefinition;
  readonly scope: Scope;
  readonly assignment: AnyRoleAssignment;
}

/** What a principal was denied: an action at a scope or, without one, every role there. */
export interface Denied {
  readonly principal: PrincipalId;
  readonly scope: Scope;
  readonly action?: string | undefined;
  readonly explain?: Explanation;
}

/** May a principal do an action at a scope? */
export interface AccessQuestion extends Denied {
  /** A concrete action, such as `secrets/read`. */
  readonly action: string;
}

/** What the explanation of a denial may speak of, beside the grants whose scope contains the one asked about. */
export interface Explanation {
  /** The principal's identity: assignments that name it, and were pinned to an earlier one of its name, are looked for. */
  readonly identity?: ManagedIdentity;
  /** Grants at other scopes are told of only within this one; of none when left out. */
  readonly within?: Scope;
}

/** Names of the roles in the grants, each once, sorted: the `roles` of a token. */
export function roleNames(grants: readonly Grant[]): string[] {
  return [...new Set(grants.map((grant) => grant.role.metadata.name))].sort();
}
