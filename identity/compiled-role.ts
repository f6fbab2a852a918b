import { type ActionSegments, ActionSet } from "./action-set.ts";
import type { RoleDefinition } from "./role-definition.ts";

/** A role definition as decisions need it. */
export interface CompiledRole {
  readonly definition: RoleDefinition;
  /** False for a role that says something of the Kubernetes API alone (`kubernetesRole`): it gives nothing at any scope here. */
  readonly hasActions: boolean;
  /** `notActions` takes away from its own role only; it is not a denial. */
  allows(action: ActionSegments): boolean;
}

export function compileRole(definition: RoleDefinition): CompiledRole {
  const given = definition.spec.actions ?? [];
  const actions = new ActionSet(given);
  const notActions = new ActionSet(definition.spec.notActions ?? []);
  return {
    definition,
    hasActions: given.length > 0,
    allows: (action) => actions.has(action) && !notActions.has(action),
  };
}
