import { AccessIndex, assignmentKey } from "../identity/access-index.ts";
import { Groups } from "../identity/groups.ts";
import { hasLostNamespace, namedNamespaceOf } from "../identity/pinned-namespace.ts";
import type { AnyRoleAssignment } from "../identity/role-assignment.ts";
import type { RoleDefinition } from "../identity/role-definition.ts";
import type { KubeObject } from "../kube/kind.ts";
import type { Store } from "../kube/store.ts";
import { isUsable, type Stored } from "../kube/stored.ts";

interface AccessStores {
  readonly roleAssignments: Changing<AnyRoleAssignment>;
  readonly clusterRoleAssignments: Changing<AnyRoleAssignment>;
  readonly roleDefinitions: Changing<RoleDefinition>;
  readonly namespaces: Pick<Store<Stored<KubeObject>>, "subscribe" | "get">;
}

type Changing<T extends KubeObject> = Pick<Store<Stored<T>>, "subscribe">;

/** The access index of stores that are still empty, kept up to date by their events. What breaks a rule is not in it. */
export function watchAccess(stores: AccessStores): AccessIndex {
  const { roleAssignments, clusterRoleAssignments, roleDefinitions, namespaces } = stores;
  const index = new AccessIndex();
  const uidOf = (name: string): string | undefined => namespaces.get({ name })?.metadata.uid;
  /** By the namespace that they name, by key. */
  const naming = new Groups<AnyRoleAssignment>();
  const put = (assignment: AnyRoleAssignment): void => {
    if (hasLostNamespace(assignment, uidOf)) index.deleteAssignment(assignmentKey(assignment));
    else index.putAssignment(assignment);
  };
  const forget = (key: string, assignment: Stored<AnyRoleAssignment> | undefined): void => {
    const namespace = assignment !== undefined && isUsable(assignment) ? namedNamespaceOf(assignment) : undefined;
    if (namespace !== undefined) naming.delete(namespace, key);
  };
  roleAssignments.subscribe(({ type, object }) => {
    if (type === "delete" || !isUsable(object)) index.deleteAssignment(assignmentKey(object));
    else put(object);
  });
  clusterRoleAssignments.subscribe((change) => {
    const { object } = change;
    const key = assignmentKey(object);
    forget(key, change.type === "delete" ? object : change.previous);
    if (change.type === "delete" || !isUsable(object)) return index.deleteAssignment(key);
    const namespace = namedNamespaceOf(object);
    if (namespace !== undefined) naming.put(namespace, key, object);
    put(object);
  });
  namespaces.subscribe(({ object }) => {
    for (const assignment of naming.of(object.metadata.name)) put(assignment);
  });
  roleDefinitions.subscribe(({ type, object }) => {
    if (type === "delete" || !isUsable(object)) index.deleteRole(object.metadata.name);
    else index.putRole(object);
  });
  return index;
}
