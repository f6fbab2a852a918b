import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { nameOf, objectText } from "../object-name.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import type { Watches } from "../watches.ts";
import { type roleAssignmentIndexes, WAITS_FOR_ROLE, waitsForPrincipal, waitsForResource } from "./indexes.ts";

type Index = keyof typeof roleAssignmentIndexes;

/** The assignments of both kinds for which an index has one of the values. */
export function assignmentsBy(watches: Watches, index: Index, ...values: string[]): Stored<AnyRoleAssignment>[] {
  return values.flatMap((value) => [
    ...watches.roleAssignments.by(index, value),
    ...watches.clusterRoleAssignments.by(index, value),
  ]);
}

/** Names each assignment to look at again: one that changed, or one that names what came or went. */
export function onAffectedAssignment(
  watches: Watches,
  reconcile: (assignment: Stored<AnyRoleAssignment>) => void,
): void {
  const all = (index: Index, ...values: string[]): void => assignmentsBy(watches, index, ...values).forEach(reconcile);

  onEach(watches.roleAssignments, ({ object }) => reconcile(object));
  onEach(watches.clusterRoleAssignments, ({ object }) => reconcile(object));
  watches.managedIdentities.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    const { object } = change;
    all("principal", objectText(nameOf(object)));
    all("waitingFor", waitsForPrincipal(object.metadata.namespace));
    if (!isUsable(object) || object.spec.workload === undefined) return;
    all("principal", objectText({ ...object.spec.workload, namespace: object.metadata.namespace }));
  });
  watches.namespaces.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    all("waitingFor", waitsForPrincipal(change.object.metadata.name));
    all("namespace", change.object.metadata.name);
  });
  for (const store of watches.workloads.values()) {
    store.subscribe((change) => {
      if (comesOrGoes(change)) all("principal", objectText(nameOf(change.object)));
    });
  }
  watches.roleDefinitions.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    all("role", change.object.metadata.name);
    all("waitingFor", WAITS_FOR_ROLE);
  });
  watches.protectedResources.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    all("resource", keyText(change.object.metadata));
    all("waitingFor", waitsForResource(change.object.metadata.namespace));
  });
}
