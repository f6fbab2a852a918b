import { segmentsOf } from "../../identity/action-set.ts";
import { compileRole } from "../../identity/compiled-role.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";

/** The roles that allow an action, the narrowest first. */
export function rolesAllowing(action: string, roles: Iterable<RoleDefinition>): RoleDefinition[] {
  const asked = segmentsOf(action);
  return [...roles].filter((role) => compileRole(role).allows(asked)).sort(byBreadth);
}

/**
 * A role is as broad as its broadest pattern; among those as broad as each other, the one that also gives something on
 * the Kubernetes API is broader, then the one with more actions. The name decides last, so that the order is one.
 */
function byBreadth(one: RoleDefinition, other: RoleDefinition): number {
  const [a, b] = [breadthOf(one), breadthOf(other)];
  const difference = a.map((part, at) => part - (b[at] ?? 0)).find((each) => each !== 0);
  return difference ?? (one.metadata.name < other.metadata.name ? -1 : 1);
}

function breadthOf({ spec }: RoleDefinition): readonly number[] {
  const actions = spec.actions ?? [];
  return [Math.max(...actions.map(openness)), spec.kubernetesRole === undefined ? 0 : 1, actions.length];
}

/** One action, those of a segment, those below a prefix, all. */
function openness(pattern: string): number {
  if (pattern === "**") return 3;
  if (pattern.endsWith("/**")) return 2;
  return pattern.split("/").includes("*") ? 1 : 0;
}
