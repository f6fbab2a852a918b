import { AccessIndex, assignmentKey } from "../identity/access-index.ts";
import type { AnyRoleAssignment } from "../identity/role-assignment.ts";
import type { RoleDefinition } from "../identity/role-definition.ts";
import type { KubeObject } from "../kube/kind.ts";
import type { Store } from "../kube/store.ts";
import { isUsable, type Stored } from "../kube/stored.ts";

interface AccessStores {
  readonly roleAssignments: Changing<AnyRoleAssignment>;
  readonly clusterRoleAssignments: Changing<AnyRoleAssignment>;
  readonly roleDefinitions: Changing<RoleDefinition>;
}

type Changing<T extends KubeObject> = Pick<Store<Stored<T>>, "subscribe">;

/** The access index of stores that are still empty, kept up to date by their events. What breaks a rule is not in it. */
export function watchAccess({ roleAssignments, clusterRoleAssignments, roleDefinitions }: AccessStores): AccessIndex {
  const index = new AccessIndex();
  for (const assignments of [roleAssignments, clusterRoleAssignments]) {
    assignments.subscribe(({ type, object }) => {
      if (type === "delete" || !isUsable(object)) index.deleteAssignment(assignmentKey(object));
      else index.putAssignment(object);
    });
  }
  roleDefinitions.subscribe(({ type, object }) => {
    if (type === "delete" || !isUsable(object)) index.deleteRole(object.metadata.name);
    else index.putRole(object);
  });
  return index;
}
