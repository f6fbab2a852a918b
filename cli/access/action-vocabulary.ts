import { ActionSet, segmentsOf } from "../../identity/action-set.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { actions as vaultActions } from "../../vault/protocol/operation.ts";

export const actionsOfVaults: ReadonlySet<string> = new Set(Object.values(vaultActions));

/** Whether a role, or the API of vaults, names this action: a wildcard alone would also cover every typo. */
export function isKnownAction(action: string, roles: Iterable<RoleDefinition>): boolean {
  return actionsOfVaults.has(action) || [...roles].some((role) => namesAction(role, action));
}

/** Whether a role speaks of this action itself: by a pattern that says which kind of thing, and which verb. */
export function namesAction({ spec }: RoleDefinition, action: string): boolean {
  return new ActionSet((spec.actions ?? []).filter(isSpecific)).has(segmentsOf(action));
}

/** Whether a role gives actions on things of any kind, or any action, or something on the Kubernetes API. */
export function isSweeping({ spec }: RoleDefinition): boolean {
  return spec.kubernetesRole !== undefined || !(spec.actions ?? []).every(isSpecific);
}

// "secrets/read" and "secrets/*/read" are specific; "*/read", "secrets/*" and "secrets/**" are not.
function isSpecific(pattern: string): boolean {
  const segments = segmentsOf(pattern);
  return !segments[0]?.includes("*") && !segments.at(-1)?.includes("*");
}
