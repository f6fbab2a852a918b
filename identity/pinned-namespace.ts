import type { ManagedIdentity } from "./managed-identity.ts";
import type { AnyRoleAssignment } from "./role-assignment.ts";
import { namespaceOf, parseScope } from "./scope.ts";

/**
 * The namespace that an assignment names without living in it, so that the assignment outlives it. A RoleAssignment is
 * deleted with its namespace.
 */
export function namedNamespaceOf(assignment: AnyRoleAssignment): string | undefined {
  if (assignment.kind !== "ClusterRoleAssignment") return undefined;
  const scope = parseScope(assignment.spec.scope);
  return scope === undefined ? undefined : namespaceOf(scope);
}

/**
 * Whether the namespace that an assignment was given for is gone, or another has its name now. One that was not pinned
 * yet holds. `uidOf` gives the UID of the namespace that has a name now.
 */
export function hasLostNamespace(
  assignment: AnyRoleAssignment,
  uidOf: (namespace: string) => string | undefined,
): boolean {
  const pinned = assignment.status?.namespaceUid;
  const namespace = namedNamespaceOf(assignment);
  return pinned !== undefined && namespace !== undefined && uidOf(namespace) !== pinned;
}

/** The other namespaces whose ServiceAccounts an identity's owner consented to. */
export function subjectNamespacesOf({ metadata, spec }: ManagedIdentity): ReadonlySet<string> {
  const named = (spec.subjects ?? []).map(({ namespace }) => namespace ?? metadata.namespace);
  return new Set(named.filter((namespace) => namespace !== metadata.namespace));
}

/** The UID of the namespace that the owner of an identity consented to; undefined when it was not pinned yet. */
export function pinnedSubjectNamespace({ status }: ManagedIdentity, namespace: string): string | undefined {
  return status?.subjectNamespaces?.find(({ name }) => name === namespace)?.uid;
}
