import { keyText } from "../../kube/kind.ts";
import { tokenRevocations } from "../../kube/kinds.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { parseKeyText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import { unlessGone } from "../unless-gone.ts";
import { writeStatus } from "../write-status.ts";
import { isOverAt, reconcileTokenRevocation } from "./reconcile.ts";

/** Keeps the Ready condition of every TokenRevocation, and deletes it when no token is left that it could concern. */
export function startTokenRevocationController(context: Context): WorkQueue {
  const { api, clock, watches } = context;

  const queue = startQueue(context, "token-revocation", async (key) => {
    const revocation = watches.tokenRevocations.get(parseKeyText(key));
    if (revocation === undefined || revocation.metadata.deletionTimestamp !== undefined) {
      queue.setDue(key, undefined);
      return;
    }
    const { namespace = "", name, uid } = revocation.metadata;
    const now = clock.now();
    if (now >= isOverAt(revocation)) {
      await unlessGone(api.delete(tokenRevocations, { namespace, name }, { preconditions: { uid } }));
      return;
    }
    const identities = watches.managedIdentities.by("namespace", namespace).map(({ metadata }) => metadata.name);
    const status = reconcileTokenRevocation({ revocation, identities }, new Date(now));
    await writeStatus(api, tokenRevocations, revocation, status);
    queue.setDue(key, isOverAt(revocation));
  });

  onEach(watches.tokenRevocations, ({ object }) => queue.add(keyText(object.metadata)));
  watches.managedIdentities.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    const { namespace = "" } = change.object.metadata;
    for (const { metadata } of watches.tokenRevocations.by("namespace", namespace)) queue.add(keyText(metadata));
  });
  return queue;
}
