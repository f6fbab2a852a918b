import { type ActionSegments, ActionSet } from "./action-set.ts";
import type { RoleDefinition } from "./role-definition.ts";

/** A role definition as decisions need it. */
export interface CompiledRole {
  readonly definition: RoleDefinition;
  /** `notActions` takes away from its own role only; it is not a denial. */
  allows(action: ActionSegments): boolean;
}

export function compileRole(definition: RoleDefinition): CompiledRole {
  const actions = new ActionSet(definition.spec.actions ?? []);
  const notActions = new ActionSet(definition.spec.notActions ?? []);
  return { definition, allows: (action) => actions.has(action) && !notActions.has(action) };
}
