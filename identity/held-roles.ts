import type { AssignedRole } from "./assigned-role.ts";
import { Groups } from "./groups.ts";
import { resourceOf, type Scope } from "./scope.ts";

/** By the role's name, then by the assignment's key. */
export type AssignedByRole = ReadonlyMap<string, ReadonlyMap<string, AssignedRole>>;

/** What one principal was assigned, by scope. */
export class HeldRoles {
  readonly #scopes = new Map<Scope, Groups<AssignedRole>>();
  /** By resource: the scopes below it at which something is assigned. */
  readonly #parts = new Groups<Scope>();
  readonly #byRole = new Groups<Scope>();

  get isEmpty(): boolean {
    return this.#scopes.size === 0;
  }

  get resources(): Iterable<Scope> {
    return new Set(
      this.#scopes
        .keys()
        .map(resourceOf)
        .filter((resource) => resource !== undefined),
    );
  }

  at(scope: Scope): AssignedByRole {
    return this.#scopes.get(scope)?.all ?? nothing;
  }

  partsOf(resource: Scope): Iterable<Scope> {
    return this.#parts.of(resource);
  }

  /** By role: the scopes at which it is assigned. */
  get scopesByRole(): ReadonlyMap<string, ReadonlyMap<string, Scope>> {
    return this.#byRole.all;
  }

  put(key: string, assigned: AssignedRole): void {
    const { role, scope } = assigned;
    const roles = this.#scopes.get(scope) ?? new Groups();
    this.#scopes.set(scope, roles);
    roles.put(role, key, assigned);
    this.#byRole.put(role, scope, scope);
    const resource = resourceOf(scope);
    if (resource !== undefined && resource !== scope) this.#parts.put(resource, scope, scope);
  }

  delete(key: string, { role, scope }: AssignedRole): void {
    const roles = this.#scopes.get(scope);
    roles?.delete(role, key);
    if (roles?.all.has(role)) return;
    this.#byRole.delete(role, scope);
    if (roles?.all.size !== 0) return;
    this.#scopes.delete(scope);
    this.#parts.delete(resourceOf(scope) ?? "", scope);
  }
}

const nothing: AssignedByRole = new Map();
