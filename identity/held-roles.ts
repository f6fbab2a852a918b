import type { AssignedRole } from "./assigned-role.ts";
import { resourceOf, type Scope } from "./scope.ts";

/** The assignments of one role at one scope to one principal, by their key. */
export type Assigned = ReadonlyMap<string, AssignedRole>;
/** By the role's name. */
export type RolesHeld = ReadonlyMap<string, Assigned>;

/** What one principal was assigned: by scope, then by role. */
export class HeldRoles {
  readonly #scopes = new Map<Scope, Map<string, Map<string, AssignedRole>>>();
  readonly #parts = new Map<Scope, Set<Scope>>();

  get scopes(): ReadonlyMap<Scope, RolesHeld> {
    return this.#scopes;
  }

  /** The scopes below a resource at which something is held. */
  partsOf(resource: Scope): ReadonlySet<Scope> {
    return this.#parts.get(resource) ?? none;
  }

  put(key: string, assigned: AssignedRole): void {
    const { scope } = assigned;
    const roles = entry(this.#scopes, scope, () => new Map<string, Map<string, AssignedRole>>());
    entry(roles, roleOf(assigned), () => new Map<string, AssignedRole>()).set(key, assigned);
    const resource = resourceOf(scope);
    if (resource !== undefined && resource !== scope) entry(this.#parts, resource, () => new Set<Scope>()).add(scope);
  }

  /** What is emptied is forgotten: what comes and goes for months must not leave a trace. */
  delete(key: string, assigned: AssignedRole): void {
    const { scope } = assigned;
    const roles = this.#scopes.get(scope);
    const held = roles?.get(roleOf(assigned));
    held?.delete(key);
    if (held?.size === 0) roles?.delete(roleOf(assigned));
    if (roles?.size !== 0) return;
    this.#scopes.delete(scope);
    const resource = resourceOf(scope);
    const parts = resource === undefined ? undefined : this.#parts.get(resource);
    parts?.delete(scope);
    if (resource !== undefined && parts?.size === 0) this.#parts.delete(resource);
  }
}

const none: ReadonlySet<Scope> = new Set();

const roleOf = ({ assignment }: AssignedRole): string => assignment.spec.roleDefinition;

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
