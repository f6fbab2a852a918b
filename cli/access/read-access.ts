import { AccessIndex } from "../../identity/access-index.ts";
import { hasLostNamespace, namedNamespaceOf } from "../../identity/pinned-namespace.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import { namespaceOf, type Scope } from "../../identity/scope.ts";
import type { KubeApi } from "../../kube/api.ts";
import { clusterRoleAssignments, roleAssignments, roleDefinitions } from "../../kube/kinds.ts";
import { namespaceUid } from "../cluster/namespace-uid.ts";
import { listReadable, type Readable } from "../cluster/readable.ts";
import type { ApiRequest } from "../cluster/request-error.ts";

/** All that bears on a scope: roles, and the assignments that could contain it. */
export interface AccessObjects {
  readonly roles: readonly RoleDefinition[];
  readonly assignments: readonly AnyRoleAssignment[];
  /** What could not be read; without it an answer of "no" is not certain. */
  readonly unread: readonly ApiRequest[];
}

/** Without the roles nothing can be said at all, so not being allowed to read them is an error. */
export async function readAccessAt(api: KubeApi, scope: Scope): Promise<AccessObjects> {
  const [roles, { items, unread }] = await Promise.all([api.list(roleDefinitions), assignmentsAt(api, scope)]);
  return { roles: roles.items, assignments: items, unread };
}

/** The assignments that could contain a scope: those of its namespace, and those of the cluster. */
export async function assignmentsAt(api: KubeApi, scope: Scope): Promise<Readable<AnyRoleAssignment>> {
  const namespace = namespaceOf(scope);
  const [own, cluster] = await Promise.all([
    namespace === undefined ? nothing : listReadable(api, roleAssignments, { namespace }),
    listReadable(api, clusterRoleAssignments),
  ]);
  const here = await inThisNamespace(api, namespace, cluster.items);
  return { items: [...own.items, ...here.items], unread: [...own.unread, ...cluster.unread, ...here.unread] };
}

/** Without those that were given for an earlier namespace of this name, as the issuer leaves them out. */
async function inThisNamespace(
  api: KubeApi,
  namespace: string | undefined,
  assignments: readonly AnyRoleAssignment[],
): Promise<Readable<AnyRoleAssignment>> {
  const concerned = assignments.filter((assignment) => isPinnedTo(assignment, namespace));
  if (namespace === undefined || concerned.length === 0) return { items: assignments, unread: [] };
  const { uid, unread } = await namespaceUid(api, namespace);
  if (unread.length > 0) return { items: assignments, unread };
  const lost = new Set(concerned.filter((assignment) => hasLostNamespace(assignment, () => uid)));
  return { items: assignments.filter((assignment) => !lost.has(assignment)), unread };
}

const isPinnedTo = (assignment: AnyRoleAssignment, namespace: string | undefined): boolean =>
  assignment.status?.namespaceUid !== undefined && namedNamespaceOf(assignment) === namespace;

const nothing: Readable<never> = { items: [], unread: [] };

/** What the issuer decides by, filled from lists instead of events. */
export function indexOf(roles: Iterable<RoleDefinition>, assignments: Iterable<AnyRoleAssignment>): AccessIndex {
  const index = new AccessIndex();
  for (const role of roles) index.putRole(role);
  for (const assignment of assignments) index.putAssignment(assignment);
  return index;
}
