import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { clusterRoleOf } from "../kubernetes-role/cluster-role-of.ts";
import { nameOf, objectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { writeStatus } from "../write-status.ts";
import { assignmentKind, findAssignment } from "./any-assignment.ts";
import { assignmentsBy, onAffectedAssignment } from "./fan-out.ts";
import { observe } from "./observe.ts";
import { type Desired, reconcileRoleAssignment, reconcileUnusable } from "./reconcile.ts";
import { reportPrincipalLoss } from "./report-principal-loss.ts";

/** Resolves, pins and judges every RoleAssignment and ClusterRoleAssignment. */
export function startRoleAssignmentController(context: Context): WorkQueue {
  const { api, clock, watches } = context;

  const queue = startQueue(context, "role-assignment", async (key) => {
    const assignment = findAssignment(key, watches);
    if (assignment === undefined || assignment.metadata.deletionTimestamp !== undefined) {
      queue.setDue(key, undefined);
      return;
    }
    const now = clock.now();
    const desired = decide(assignment, context, new Date(now));
    await report(context, assignment, desired);
    await writeStatus(api, assignmentKind(assignment), assignment, desired.status);
    queue.setDue(key, desired.requeueAt);
  });

  onAffectedAssignment(watches, (assignment) => queue.add(objectText(nameOf(assignment))));
  return queue;
}

function decide(assignment: Stored<AnyRoleAssignment>, { watches, kubernetesRoles }: Context, now: Date): Desired {
  if (!isUsable(assignment)) return reconcileUnusable(assignment, now);
  const clusterRole = kubernetesRoles === "bind" ? clusterRoleOf(assignment, watches) : undefined;
  return reconcileRoleAssignment({ ...observe(assignment, watches), clusterRole }, now);
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
