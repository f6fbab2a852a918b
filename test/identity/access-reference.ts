import { assignmentKey } from "../../identity/access-index.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";

/** A condition in CEL, and what it means in the words of the test. */
export interface MeantCondition {
  readonly source: string;
  readonly isMet: (facts: RequestFacts) => boolean;
}

/** All that there is, with no order and no index. */
export interface PlainWorld {
  readonly assignments: ReadonlyMap<string, AnyRoleAssignment>;
  readonly roles: ReadonlyMap<string, RoleDefinition>;
  readonly conditions: readonly MeantCondition[];
}

export interface PlainGrant {
  readonly key: string;
  readonly role: RoleDefinition;
  readonly assignment: AnyRoleAssignment;
}

/**
 * The rules of access as the documentation says them, by looking at everything: the program's own words for them (in
 * force, contains, covers, compiled) are not used, so that a mistake in those shows.
 */
export function plainGrants(world: PlainWorld, principal: string, facts: RequestFacts): PlainGrant[] {
  const grants: PlainGrant[] = [];
  for (const assignment of world.assignments.values()) {
    const role = world.roles.get(assignment.spec.roleDefinition);
    const { notBefore, expiresAt, condition } = assignment.spec;
    const meant = world.conditions.find(({ source }) => source === condition);
    const counts =
      assignment.status?.principalId === principal &&
      assignment.metadata.deletionTimestamp === undefined &&
      (notBefore === undefined || new Date(notBefore).getTime() <= facts.now) &&
      (expiresAt === undefined || new Date(expiresAt).getTime() > facts.now) &&
      (condition === undefined || meant?.isMet(facts) === true);
    if (counts && role !== undefined && (role.spec.actions ?? []).length > 0) {
      grants.push({ key: assignmentKey(assignment), role, assignment });
    }
  }
  return grants;
}

/** Where an assignment holds, as a path. */
export function plainPlace({ spec, metadata }: AnyRoleAssignment): string {
  if ("scope" in spec) return spec.scope;
  const resource = "resource" in spec && spec.resource !== undefined ? `/resources/${spec.resource}` : "";
  const part = "subresource" in spec && spec.subresource !== undefined ? `/${spec.subresource}` : "";
  return `/namespaces/${metadata.namespace}${resource}${part}`;
}

export const plainlyContains = (place: string, at: string): boolean =>
  place === "/" || `${at}/`.startsWith(`${place}/`);

/** One star is one segment, two are all that follow. */
export function plainlyAllows({ spec }: RoleDefinition, action: string): boolean {
  const words: Readonly<Record<string, string>> = { "*": "[^/]+", "**": ".+" };
  const covers = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .split("/")
        .map((segment) => words[segment] ?? segment)
        .join("/")}$`,
    ).test(action);
  return (spec.actions ?? []).some(covers) && !(spec.notActions ?? []).some(covers);
}
