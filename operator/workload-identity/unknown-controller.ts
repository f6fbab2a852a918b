import { findings } from "../../identity/findings.ts";
import { groupOf } from "../../kube/custom-workloads.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { controllerOf } from "../controller-of.ts";
import { nameOf, objectText, parseObjectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import { knownKind, type Watches } from "../watches.ts";
import type { Workload } from "./workload.ts";

/** One Event each on so many controllers; those that came first are told again after that. */
const MOST_TOLD = 1_000;

/**
 * Says on a controller of a kind that nobody here knows that its pods ask for an identity in vain: they carry the
 * annotation that their template gave them, and only the chart value `workloads` lets their controller be read.
 */
export function startUnknownControllers(context: Context): WorkQueue {
  const { watches } = context;
  const told = new Set<string>();
  const queue = startQueue(context, "unknown-controller", async (key) => {
    const name = parseObjectText(key);
    const owner = unknownController(watches.workloads.get(name.kind)?.get(name), watches);
    if (owner === undefined || told.has(owner.uid)) return;
    if (told.size >= MOST_TOLD) told.clear();
    told.add(owner.uid);
    const { code, sentence } = findings.ControllerUnknown(owner.kind, groupOf(owner.apiVersion));
    const { apiVersion, kind, uid } = owner;
    await context.events.record(
      { apiVersion, kind, namespace: name.namespace, name: owner.name, uid },
      { type: "Warning", reason: code, action: "AssignIdentity", note: sentence },
    );
  });
  for (const store of watches.workloads.values()) {
    onEach(store, ({ type, object }) => {
      if (type === "upsert" && unknownController(object, watches) !== undefined) queue.add(objectText(nameOf(object)));
    });
  }
  return queue;
}

function unknownController(workload: Workload | undefined, watches: Pick<Watches, "workloadKinds">) {
  if (workload?.systemAssigned !== "true") return undefined;
  const owner = controllerOf(workload);
  return owner === undefined || knownKind(owner, watches) !== undefined ? undefined : owner;
}
