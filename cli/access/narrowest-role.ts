import { segmentsOf } from "../../identity/action-set.ts";
import { type CompiledRole, compileRole } from "../../identity/compiled-role.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";

/**
 * The roles that allow an action, the narrowest first. A role is as broad as it allows many of the actions that any
 * role speaks of, so one that allows all that another does is never before it. What a role gives on the Kubernetes API
 * besides, nobody asked for: such a role comes after all others.
 */
export function rolesAllowing(action: string, roles: Iterable<RoleDefinition>): RoleDefinition[] {
  const compiled = [...roles].map(compileRole);
  const spokenOf = [...new Set(compiled.flatMap(({ definition }) => samples(definition)))].map(segmentsOf);
  const breadth = ({ definition, allows }: CompiledRole): readonly [number, number] => [
    definition.spec.kubernetesRole === undefined ? 0 : 1,
    spokenOf.filter((each) => allows(each)).length,
  ];
  return compiled
    .filter((role) => role.allows(segmentsOf(action)))
    .map((role) => ({ role: role.definition, breadth: breadth(role) }))
    .sort((a, b) => a.breadth[0] - b.breadth[0] || a.breadth[1] - b.breadth[1] || byName(a.role, b.role))
    .map(({ role }) => role);
}

/** Actions that stand for all that a role's patterns cover. */
function samples({ spec }: RoleDefinition): string[] {
  return (spec.actions ?? []).flatMap((pattern) => {
    const one = pattern.replaceAll("**", "any").replaceAll("*", "any");
    return pattern.endsWith("**") ? [one, `${one}/any`] : [one];
  });
}

const byName = (one: RoleDefinition, other: RoleDefinition): number =>
  one.metadata.name.localeCompare(other.metadata.name);
