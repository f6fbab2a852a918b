import { nextChange } from "../../identity/in-force.ts";
import { isUsable } from "../../kube/stored.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { nameOf, objectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { findAssignment } from "../role-assignment/any-assignment.ts";
import type { Binding } from "./binding.ts";
import { findBoundCondition } from "./bound-condition.ts";
import { reportOf } from "./conditions.ts";
import { deleteBinding, ensureBinding, type Outcome } from "./ensure-binding.ts";
import { onAffectedBinding } from "./fan-out.ts";
import { grantOf } from "./observe.ts";
import { type Decision, decide, isThere, surplus } from "./reconcile.ts";
import { type BindingWatches, bindingsOf } from "./watches.ts";
import { writeReport } from "./write-report.ts";

/** A refusal ends when somebody gives a right or makes a ClusterRole, of which no watch tells. Milliseconds. */
const REFUSED_RETRY_MS = 60_000;

/** Makes, repairs and removes the RoleBindings and ClusterRoleBindings of assignments whose role names a ClusterRole. */
export function startKubernetesRoleController(context: Context, bindings: BindingWatches): WorkQueue {
  const { clock, watches } = context;

  const queue = startQueue(context, "kubernetes-role", async (key) => {
    const now = clock.now();
    const assignment = findAssignment(key, watches);
    queue.setDue(key, assignment && isUsable(assignment) ? nextChange(assignment, now) : undefined);
    const decision = decide(grantOf(assignment, context, new Date(now)));
    const known = bindingsOf(key, bindings);
    await remove(context, surplus(known, decision));
    const outcome = await carryOut(context, decision, known);
    if (outcome.kind === "refused") queue.addAfter(key, REFUSED_RETRY_MS);
    if (assignment === undefined || assignment.metadata.deletionTimestamp !== undefined) return;
    await writeReport(context, assignment, reportOf(decision, outcome, findBoundCondition(assignment)));
  });

  onAffectedBinding(watches, bindings, (assignmentText) => queue.add(assignmentText));
  return queue;
}

async function remove({ api, log }: Context, bindings: readonly Binding[]): Promise<void> {
  for (const binding of bindings) {
    await deleteBinding(api, binding);
    const { kind, metadata, roleRef } = binding;
    log.info(
      { binding: objectText(nameOf(binding)), clusterRole: roleRef.name, uid: metadata.uid },
      `${kind} removed.`,
    );
  }
}

/** As a rule all is in order, which the cache knows, and costs no request. */
async function carryOut({ api, log }: Context, decision: Decision, known: readonly Binding[]): Promise<Outcome> {
  if (decision.kind !== "bind" || isThere(known, decision)) return { kind: "unchanged" };
  const outcome = await ensureBinding(api, decision);
  if (outcome.kind === "refused") {
    const { code, sentence, detail } = outcome.finding;
    log.warn({ reason: code, detail }, sentence);
  }
  return outcome;
}
