import type { Store, StoreChange } from "../../kube/store.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { runsWithoutSidecar } from "../injection/indexes.ts";
import { isExcluded } from "../injection/opt-in.ts";
import { nameOf, objectText, parseObjectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import { Warnings } from "../warnings.ts";
import type { Watches } from "../watches.ts";
import type { Workload } from "../workload-identity/workload.ts";
import { UninjectedCount } from "./count.ts";
import { type Desired, reconcileUninjected } from "./reconcile.ts";
import { keepsConditions, reportCondition } from "./report-condition.ts";
import { podsWithoutSidecar, topWorkload } from "./workload-tree.ts";

export interface UninjectedOptions {
  /** The namespace that Lanyard is installed in: its pods are not injected. */
  readonly installedIn: string;
  /** Told how many pods of a namespace wait for repair, whenever the number is another. */
  readonly onUninjected: (namespace: string, pods: number) => void;
}

const nothing: Desired = { finding: undefined, pods: [], repairable: 0 };

/** Finds pods that ask for injection and were created without it, and says on their workload what repairs them. */
export function startUninjectedController(context: Context, options: UninjectedOptions): WorkQueue {
  const { watches } = context;
  const warnings = new Warnings(context.events, "InjectSidecar");
  const count = new UninjectedCount(options.onUninjected);

  const queue = startQueue(context, "uninjected", async (key) => {
    const name = parseObjectText(key);
    const workload = watches.workloads.get(name.kind)?.get(name);
    const desired = workload === undefined ? nothing : observeAndDecide(workload, watches);
    count.set(name.namespace ?? "", key, desired.repairable);
    await warnings.tell(key, workload, desired.finding);
    if (workload !== undefined) await reportConditions(context, workload, desired);
  });

  onAffectedWorkload(watches, (workload) => {
    if (!isExcluded(workload.metadata.namespace, options.installedIn)) queue.add(objectText(nameOf(workload)));
  });
  return queue;
}

function observeAndDecide(workload: Workload, watches: Watches): Desired {
  const namespace = watches.namespaces.get({ name: workload.metadata.namespace });
  if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return nothing;
  // A pod that has got a controller since is told of there.
  if (topWorkload(workload, watches) !== workload) return nothing;
  return reconcileUninjected({ workload, podsWithoutSidecar: podsWithoutSidecar(workload, watches), namespace });
}

/** On the workload where that lasts, else on each of its pods. */
async function reportConditions({ api, clock, watches }: Context, workload: Workload, desired: Desired): Promise<void> {
  const now = clock.now();
  if (keepsConditions(workload)) return reportCondition(api, workload, desired.finding, now);
  for (const pod of podsWithoutSidecar(workload, watches)) {
    await reportCondition(api, pod, desired.pods.includes(pod) ? desired.finding : undefined, now);
  }
}

/** Calls for each top workload whose pods came, went, or may be wanted injected or not any more. */
function onAffectedWorkload(watches: Watches, reconcile: (workload: Workload) => void): void {
  const reconcileTop = (workload: Workload): void => {
    const top = topWorkload(workload, watches);
    if (top !== undefined) reconcile(top);
  };
  for (const store of watches.workloads.values()) {
    onEach(store, (change) => {
      if (matters(change, watches)) reconcileTop(change.object);
    });
  }
  onEach(watches.namespaces, ({ object }) => {
    for (const pod of podStore(watches).by("namespaceWithoutSidecar", object.metadata.name)) reconcileTop(pod);
  });
}

/** A workload may come after its pods, through a watch of its own. */
function matters(change: StoreChange<Workload>, watches: Watches): boolean {
  const previous = change.type === "upsert" ? change.previous : undefined;
  const { object } = change;
  if (runsWithoutSidecar(object) || (previous !== undefined && runsWithoutSidecar(previous))) return true;
  if (object.notInjected !== undefined) return true;
  if (change.type === "delete") return object.pod === undefined;
  return previous === undefined && object.pod === undefined && podsWithoutSidecar(object, watches).length > 0;
}

function podStore({ workloads }: Watches): Store<Workload> {
  const store = workloads.get("Pod");
  if (store === undefined) throw new TypeError("Pods are not watched.");
  return store;
}
