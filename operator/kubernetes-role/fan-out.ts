import { scopeOf } from "../../identity/role-assignment.ts";
import { namespaceOf } from "../../identity/scope.ts";
import { isUsable } from "../../kube/stored.ts";
import { nameOf, objectText } from "../object-name.ts";
import { assignmentsBy, onAffectedAssignment } from "../role-assignment/fan-out.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import type { Watches } from "../watches.ts";
import { assignmentOf, type Binding } from "./binding.ts";
import type { BindingWatches } from "./watches.ts";

/** Names each assignment whose binding to look at again; also one that is gone, while a binding of its name is left. */
export function onAffectedBinding(
  watches: Watches,
  bindings: BindingWatches,
  reconcile: (assignmentText: string) => void,
): void {
  const again = (assignment: Parameters<typeof nameOf>[0]): void => reconcile(objectText(nameOf(assignment)));
  const ofBinding = ({ object }: { readonly object: Binding }): void => {
    const assignment = assignmentOf(object);
    if (assignment !== undefined) reconcile(objectText(assignment));
  };

  onAffectedAssignment(watches, again);
  onEach(bindings.roleBindings, ofBinding);
  onEach(bindings.clusterRoleBindings, ofBinding);
  watches.roleDefinitions.subscribe(({ object }) =>
    assignmentsBy(watches, "role", object.metadata.name).forEach(again),
  );
  watches.managedIdentities.subscribe(({ object }) =>
    assignmentsBy(watches, "pinned", object.metadata.uid).forEach(again),
  );
  watches.namespaces.subscribe((change) => {
    if (comesOrGoes(change)) assignmentsInto(change.object.metadata.name, watches).forEach(again);
  });
}

/** The cluster-scoped assignments whose scope is a namespace: those in it go and come with it anyway. */
function assignmentsInto(namespace: string, { clusterRoleAssignments }: Watches) {
  return [...clusterRoleAssignments.values()].filter((assignment) => {
    const scope = isUsable(assignment) ? scopeOf(assignment) : undefined;
    return scope !== undefined && namespaceOf(scope) === namespace;
  });
}
