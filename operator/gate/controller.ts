import { findings } from "../../identity/findings.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { nameOf, objectText, parseObjectText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import { Warnings } from "../warnings.ts";

/**
 * Says on the pod why its gate stays closed. Of a hook that failed the kubelet says no more than that, and where the
 * issuer cannot be reached, the issuer cannot say it either.
 */
export function startGateController(context: Context): WorkQueue {
  const { watches, events } = context;
  const warnings = new Warnings(events, "OpenGate");
  const pods = watches.workloads.get("Pod");

  const queue = startQueue(context, "gate", async (key) => {
    const pod = pods?.get(parseObjectText(key));
    const closed = pod?.pod?.gateClosed;
    await warnings.tell(key, pod, closed === undefined ? undefined : findings.GateClosed(closed));
  });

  if (pods !== undefined) {
    onEach(pods, (change) => {
      const before = change.type === "upsert" ? change.previous?.pod?.gateClosed : undefined;
      if (change.object.pod?.gateClosed !== before) queue.add(objectText(nameOf(change.object)));
    });
  }
  return queue;
}
