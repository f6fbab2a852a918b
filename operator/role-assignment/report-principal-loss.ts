import type { Finding } from "../../identity/findings.ts";
import { workloadKinds } from "../../identity/managed-identity.ts";
import { API_VERSION } from "../../identity/names.ts";
import { principalReference } from "../../identity/principal-reference.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import type { ObjectReference } from "../../kube/event-manifest.ts";
import type { EventRecorder } from "../../kube/event-recorder.ts";
import { workloads } from "../../kube/kinds.ts";
import { identityDeleted } from "./principal-loss.ts";

/** Events on an assignment whose pinned identity is gone, and, once for all that were pinned to it, on the identity. */
export async function reportPrincipalLoss(
  events: EventRecorder,
  assignment: AnyRoleAssignment,
  loss: Finding,
  pinnedToTheSame: readonly AnyRoleAssignment[],
): Promise<void> {
  await warn(events, referenceTo(assignment), loss);
  const deletion = identityDeleted(assignment, pinnedToTheSame);
  if (deletion !== undefined) await warn(events, lostPrincipal(assignment), deletion);
}

function warn(events: EventRecorder, regarding: ObjectReference, { code, sentence }: Finding): Promise<void> {
  return events.record(regarding, { type: "Warning", reason: code, action: "ResolvePrincipal", note: sentence });
}

function referenceTo({ kind, metadata }: AnyRoleAssignment): ObjectReference {
  const { name, namespace, uid } = metadata;
  return { apiVersion: API_VERSION, kind, namespace, name, uid };
}

/**
 * The deleted identity, by its UID. Of a system-assigned one nothing but the UID is left that could be looked up, so
 * its workload, which the assignment names, stands for it: that is where a person looks.
 */
function lostPrincipal(assignment: AnyRoleAssignment): ObjectReference {
  const { kind, namespace, name } = principalReference(assignment);
  const workloadKind = workloadKinds.find((each) => each === kind);
  if (workloadKind !== undefined) return { apiVersion: workloads[workloadKind].apiVersion, kind, namespace, name };
  return { apiVersion: API_VERSION, kind, namespace, name, uid: assignment.status?.principalId };
}
