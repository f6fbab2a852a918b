import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { clusterRoleAssignments, roleAssignments } from "../../kube/kinds.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { nameOf, objectText, parseObjectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import type { Watches } from "../watches.ts";
import { writeStatus } from "../write-status.ts";
import { assignmentsBy, onAffectedAssignment } from "./fan-out.ts";
import { observe } from "./observe.ts";
import { type Desired, reconcileRoleAssignment, reconcileUnusable } from "./reconcile.ts";
import { reportPrincipalLoss } from "./report-principal-loss.ts";

/** Resolves, pins and judges every RoleAssignment and ClusterRoleAssignment. */
export function startRoleAssignmentController(context: Context): WorkQueue {
  const { api, clock, watches } = context;

  const queue = startQueue(context, "role-assignment", async (key) => {
    const assignment = find(key, watches);
    if (assignment === undefined || assignment.metadata.deletionTimestamp !== undefined) return;
    const now = clock.now();
    const desired = decide(assignment, watches, new Date(now));
    await report(context, assignment, desired);
    const kind = assignment.kind === "RoleAssignment" ? roleAssignments : clusterRoleAssignments;
    await writeStatus(api, kind, assignment, desired.status);
    if (desired.requeueAt !== undefined) queue.addAfter(key, desired.requeueAt - now);
  });

  onAffectedAssignment(watches, (assignment) => queue.add(objectText(nameOf(assignment))));
  return queue;
}

function find(
  key: string,
  { roleAssignments, clusterRoleAssignments }: Watches,
): Stored<AnyRoleAssignment> | undefined {
  const name = parseObjectText(key);
  return name.kind === "RoleAssignment" ? roleAssignments.get(name) : clusterRoleAssignments.get(name);
}

function decide(assignment: Stored<AnyRoleAssignment>, watches: Watches, now: Date): Desired {
  if (!isUsable(assignment)) return reconcileUnusable(assignment, now);
  return reconcileRoleAssignment(observe(assignment, watches), now);
}

/** Before the status says so: an operator that ends in between reports it at its next start, rather than never. */
async function report(
  { events, watches }: Context,
  assignment: Stored<AnyRoleAssignment>,
  { principalLost, status }: Desired,
): Promise<void> {
  if (principalLost === undefined || status.principalId === undefined || !isUsable(assignment)) return;
  const pinned = assignmentsBy(watches, "pinned", status.principalId).filter(isUsable);
  await reportPrincipalLoss(events, assignment, principalLost, pinned);
}
