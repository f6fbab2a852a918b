import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { API_VERSION } from "../../identity/names.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import type { Scope } from "../../identity/scope.ts";
import type { Manifest } from "../../kube/api.ts";
import { assignmentManifest, assignmentName } from "../role-assignment/assignment-manifest.ts";
import { principalSpecOf } from "../role-assignment/principal-spec.ts";
import { isKnownAction, isSweeping, namesAction } from "./action-vocabulary.ts";
import { rolesAllowing } from "./narrowest-role.ts";

export interface Wanted {
  readonly identity: ManagedIdentity;
  readonly action: string;
  readonly scope: Scope;
  readonly roles: readonly RoleDefinition[];
  /** Names of assignments that are taken where a new one would be. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Returns what would allow it and little more, ready to be applied: an assignment of the narrowest role that names the
 * action, together with such a role if there is none. Returns nothing for an action that is unknown, since it may be a typo.
 */
export function remedyFor({ identity, action, scope, roles, taken }: Wanted): readonly Manifest[] {
  if (!isKnownAction(action, roles)) return [];
  const narrowest = roleToPropose(action, roles);
  const role = narrowest?.metadata.name ?? freeName(action.replaceAll("/", "-").toLowerCase(), namesOf(roles));
  const wanted = { principal: principalSpecOf(identity), role, scope };
  const assignment = assignmentManifest({ ...wanted, name: freeName(assignmentName(wanted), taken) });
  return narrowest === undefined ? [roleManifest(role, action), assignment] : [assignment];
}

/** The narrowest role that is made for this action. A role that sweeps over others would give what nobody asked for. */
export function roleToPropose(action: string, roles: readonly RoleDefinition[]): RoleDefinition | undefined {
  return rolesAllowing(action, roles).find((role) => namesAction(role, action) && !isSweeping(role));
}

function roleManifest(name: string, action: string): Manifest {
  return { apiVersion: API_VERSION, kind: "RoleDefinition", metadata: { name }, spec: { actions: [action] } };
}

const namesOf = (roles: readonly RoleDefinition[]): ReadonlySet<string> =>
  new Set(roles.map(({ metadata }) => metadata.name));

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  return name;
}
