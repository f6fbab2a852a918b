import { principalId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { namedNamespaceOf } from "../../identity/pinned-namespace.ts";
import { principalReference } from "../../identity/principal-reference.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { type KubeObject, keyText } from "../../kube/kind.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import type { ObjectName } from "../object-name.ts";
import type { Watches } from "../watches.ts";
import { identityName } from "../workload-identity/identity-name.ts";
import type { Observed } from "./checks.ts";

/** What the watches say of everything that an assignment names. */
export function observe(assignment: AnyRoleAssignment, watches: Watches): Observed {
  return {
    assignment,
    principal: lookUpPrincipal(assignment, watches),
    role: lookUpRole(assignment.spec.roleDefinition, watches),
    resource: lookUpResource(assignment, watches),
    namespaceUid: watches.namespaces.get({ name: namedNamespaceOf(assignment) ?? "" })?.metadata.uid,
  };
}

function lookUpPrincipal(assignment: AnyRoleAssignment, watches: Watches): Observed["principal"] {
  const reference = principalReference(assignment);
  const { namespace = "" } = reference;
  const isPinned = assignment.status?.principalId !== undefined;
  const ends = watches.namespaces.get({ name: namespace })?.metadata.deletionTimestamp !== undefined;
  if (ends && !isPinned) return { kind: "leaving", namespace };
  const identity = findPrincipal(reference, watches);
  if (identity !== undefined) return { kind: "found", value: principalId(identity.metadata.uid) };
  const known = watches.managedIdentities.by("namespace", namespace);
  return { kind: "missing", known: known.map(({ metadata }) => keyText(metadata)).sort() };
}

/** The identity that a principal's name means now; one that is being deleted is gone. */
export function findPrincipal(reference: ObjectName, watches: Watches): Stored<ManagedIdentity> | undefined {
  const isByName = reference.kind === "ManagedIdentity";
  const identity = isByName ? watches.managedIdentities.get(reference) : identityOfWorkload(reference, watches);
  return identity?.metadata.deletionTimestamp === undefined ? identity : undefined;
}

/** The identity of an earlier workload of that name may still wait for garbage collection: the UID tells them apart. */
function identityOfWorkload(reference: ObjectName, watches: Watches): ManagedIdentity | undefined {
  const workload = watches.workloads.get(reference.kind)?.get(reference);
  if (workload === undefined) return undefined;
  const { namespace, uid } = workload.metadata;
  const identity = watches.managedIdentities.get({ namespace, name: identityName(workload) });
  if (identity === undefined || !isUsable(identity)) return undefined;
  return identity.spec.workload?.uid === uid ? identity : undefined;
}

function lookUpRole(name: string, { roleDefinitions }: Watches): Observed["role"] {
  const role = roleDefinitions.get({ name });
  if (role === undefined) return { kind: "missing", known: namesOf(roleDefinitions.values()) };
  return isUsable(role) ? { kind: "found", value: name } : { kind: "unusable" };
}

function lookUpResource(assignment: AnyRoleAssignment, { protectedResources }: Watches): Observed["resource"] {
  if (assignment.kind !== "RoleAssignment" || assignment.spec.resource === undefined) return undefined;
  const { namespace } = assignment.metadata;
  const name = assignment.spec.resource;
  if (protectedResources.get({ namespace, name }) !== undefined) return { kind: "found", value: name };
  return { kind: "missing", known: namesOf(protectedResources.by("namespace", namespace)) };
}

/** Sorted, so that the same names always give the same hint. */
function namesOf(objects: Iterable<KubeObject>): string[] {
  return Array.from(objects, ({ metadata }) => metadata.name).sort();
}
