import { keyText } from "../../kube/kind.ts";
import { protectedResources } from "../../kube/kinds.ts";
import type { StoreChange } from "../../kube/store.ts";
import { audiencesOf, type StoredResource } from "../../kube/stored-resource.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { parseKeyText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import { writeStatus } from "../write-status.ts";
import { reconcileProtectedResource } from "./reconcile.ts";

/** Keeps the status of every ProtectedResource: which of its audiences it owns. */
export function startProtectedResourceController(context: Context): WorkQueue {
  const { api, clock, watches } = context;
  const claimantsOf = (audiences: Iterable<string>): StoredResource[] =>
    [...audiences].flatMap((audience) => watches.protectedResources.by("audience", audience));

  const queue = startQueue(context, "protected-resource", async (key) => {
    const resource = watches.protectedResources.get(parseKeyText(key));
    if (resource === undefined || resource.metadata.deletionTimestamp !== undefined) return;
    const claimants = claimantsOf(audiencesOf(resource));
    const status = reconcileProtectedResource({ resource, claimants }, new Date(clock.now()));
    await writeStatus(api, protectedResources, resource, status);
  });

  onEach(watches.protectedResources, (change) => {
    queue.add(keyText(change.object.metadata));
    for (const resource of claimantsOf(touchedAudiences(change))) queue.add(keyText(resource.metadata));
  });
  return queue;
}

/** The audiences that a resource began or ceased to claim: somebody else may wait for them, or lose them. */
function touchedAudiences(change: StoreChange<StoredResource>): ReadonlySet<string> {
  const claimed = new Set(audiencesOf(change.object));
  if (change.type === "delete" || change.previous === undefined) return claimed;
  return claimed.symmetricDifference(new Set(audiencesOf(change.previous)));
}
