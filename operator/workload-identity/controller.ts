import { keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import type { StoreChange } from "../../kube/store.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { workloadOf } from "../managed-identity/indexes.ts";
import { nameOf, objectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import { Warnings } from "../warnings.ts";
import type { Watches } from "../watches.ts";
import { hold, isHeld, release } from "./grace.ts";
import { observe } from "./observe.ts";
import { optIn } from "./opt-in.ts";
import { type Desired, reconcileWorkloadIdentity } from "./reconcile.ts";
import { removeIdentity } from "./remove-identity.ts";
import type { Workload } from "./workload.ts";

/** Makes and deletes the system-assigned identities of the workloads that ask for one. */
export function startWorkloadIdentityController(context: Context): WorkQueue {
  const { clock, watches } = context;
  const warnings = new Warnings(context.events, "AssignIdentity");
  const graceMs = context.identityGraceSeconds * 1000;

  const queue = startQueue(context, "workload-identity", async (key) => {
    const observed = observe(key, watches);
    const desired = reconcileWorkloadIdentity(observed, { now: clock.now(), graceMs });
    await warnings.tell(key, observed.workload, desired.warning);
    await makeAndRemove(context, desired);
    if (observed.workload !== undefined) await holdAndRelease(context, desired, observed.workload);
    if (desired.lookAt !== undefined) queue.addAfter(key, desired.lookAt - clock.now());
  });

  onAffectedWorkload(watches, (workloadText) => queue.add(workloadText));
  return queue;
}

async function makeAndRemove(context: Context, { remove, create }: Desired): Promise<void> {
  for (const removal of remove) await removeIdentity(context, removal);
  if (create !== undefined) await context.api.create(managedIdentities, create);
}

async function holdAndRelease(context: Context, desired: Desired, workload: Workload): Promise<void> {
  if (desired.hold !== undefined) await hold(context, desired.hold, workload);
  if (desired.release !== undefined) await release(context, desired.release, workload);
}

/** Names each workload to look at again: one that speaks of an identity, has one, or whose identity's name was freed. */
function onAffectedWorkload(watches: Watches, reconcile: (workloadText: string) => void): void {
  for (const store of watches.workloads.values()) {
    onEach(store, (change) => {
      if (speaksOfIdentity(change)) reconcile(objectText(nameOf(change.object)));
    });
  }
  onEach(watches.managedIdentities, (change) => {
    if (isHeld(change.object)) workloadOf(change.object).forEach(reconcile);
    if (!comesOrGoes(change)) return;
    workloadOf(change.object).forEach(reconcile);
    for (const store of watches.workloads.values()) {
      const wanting = store.by("wantedIdentity", keyText(change.object.metadata));
      for (const workload of wanting) reconcile(objectText(nameOf(workload)));
    }
  });
}

function speaksOfIdentity(change: StoreChange<Workload>): boolean {
  const previous = change.type === "upsert" ? change.previous : undefined;
  return [change.object, previous].some((workload) => workload !== undefined && optIn(workload).kind !== "unwanted");
}
