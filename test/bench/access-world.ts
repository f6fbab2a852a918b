import type { AccessQuestion } from "../../identity/access.ts";
import { AccessIndex } from "../../identity/access-index.ts";
import { type PrincipalId, principalId } from "../../identity/ids.ts";
import { clusterScope, subresourceScope } from "../../identity/scope.ts";
import { clusterRoleAssignment, inSeconds, role, roleAssignment } from "../identity/builders.ts";

const ROLES = 200;
const NAMESPACES = 20;
const RESOURCES = 10;

export interface Shape {
  readonly assignments: number;
  readonly principals: number;
}

/** An index, and questions about every assignment in it: of its role's action, and of another role's, which the principal has elsewhere at most. */
export interface AccessWorld {
  readonly index: AccessIndex;
  readonly granted: readonly AccessQuestion[];
  readonly denied: readonly AccessQuestion[];
}

/** Roles of three patterns each; assignments on the cluster, on namespaces, resources and single secrets, a quarter of them with an end. */
export function accessWorld({ assignments, principals }: Shape): AccessWorld {
  const index = new AccessIndex();
  for (let at = 0; at < ROLES; at += 1) index.putRole(roleAt(at));
  const granted: AccessQuestion[] = [];
  const denied: AccessQuestion[] = [];
  for (let at = 0; at < assignments; at += 1) {
    const principal = principalId(`principal-${at % principals}`);
    index.putAssignment(assignmentAt(at, principal));
    const scope = subresourceScope(namespaceAt(at), resourceAt(at), secretAt(at));
    const question = { principal, scope, explain: { within: clusterScope } };
    granted.push({ ...question, action: `kind-${at % ROLES}/read` });
    denied.push({ ...question, action: `kind-${(at + 3) % ROLES}/read` });
  }
  return { index, granted, denied };
}

const namespaceAt = (at: number): string => `team-${at % NAMESPACES}`;
const resourceAt = (at: number): string => `vault-${Math.floor(at / NAMESPACES) % RESOURCES}`;
const secretAt = (at: number): string => `secrets/secret-${at}`;

const roleAt = (at: number) =>
  role(`role-${at}`, {
    actions: [`kind-${at}/read`, `kind-${at}/*/send`, `things/${at}/**`],
    notActions: [`kind-${at}/*/purge`],
  });

function assignmentAt(at: number, principal: PrincipalId) {
  const ends = at % 4 === 0 ? { expiresAt: inSeconds(3600) } : {};
  const spec = { roleDefinition: `role-${at % ROLES}`, ...ends };
  if (at % 50 === 0) return clusterRoleAssignment(principal, "/", spec);
  const resource = resourceAt(at);
  const places = [{}, { resource }, { resource }, { resource, subresource: secretAt(at) }];
  return roleAssignment(principal, { namespace: namespaceAt(at) }, { ...spec, ...places[at % places.length] });
}
