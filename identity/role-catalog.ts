import { segmentsOf } from "./action-set.ts";
import { type CompiledRole, compileRole } from "./compiled-role.ts";
import type { RoleDefinition } from "./role-definition.ts";

/** For how many actions it is remembered which roles allow them: callers name what they like. */
const MOST_REMEMBERED = 1000;

/** The roles that there are, by name, and which of them allow an action. */
export class RoleCatalog {
  readonly #roles = new Map<string, CompiledRole>();
  readonly #allowing = new Map<string, ReadonlySet<string>>();
  readonly #withActions = new Set<string>();

  get(name: string): RoleDefinition | undefined {
    return this.#roles.get(name)?.definition;
  }

  put(definition: RoleDefinition): void {
    const { name } = definition.metadata;
    this.delete(name);
    this.#roles.set(name, compileRole(definition));
    if ((definition.spec.actions ?? []).length > 0) this.#withActions.add(name);
  }

  delete(name: string): void {
    this.#roles.delete(name);
    this.#withActions.delete(name);
    this.#allowing.clear();
  }

  /** The others say something of the Kubernetes API alone (`kubernetesRole`), and give nothing at any scope here. */
  get withActions(): ReadonlySet<string> {
    return this.#withActions;
  }

  /** Names of the roles that allow a concrete action. */
  allowing(action: string): ReadonlySet<string> {
    const known = this.#allowing.get(action);
    if (known !== undefined) return known;
    const found = this.#find(action);
    const [oldest] = this.#allowing.size < MOST_REMEMBERED ? [] : this.#allowing.keys();
    if (oldest !== undefined) this.#allowing.delete(oldest);
    this.#allowing.set(action, found);
    return found;
  }

  #find(action: string): ReadonlySet<string> {
    const asked = segmentsOf(action);
    const names = new Set<string>();
    for (const [name, role] of this.#roles) {
      if (role.allows(asked)) names.add(name);
    }
    return names;
  }
}
