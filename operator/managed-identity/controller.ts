import { keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { parseKeyText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import { writeStatus } from "../write-status.ts";
import { foreignNamespacesOf, subjectsOf } from "./indexes.ts";
import { reconcileManagedIdentity } from "./reconcile.ts";

/** Keeps the status of every ManagedIdentity: its ids, and whether its subjects exist. */
export function startManagedIdentityController(context: Context): WorkQueue {
  const { api, clock, tenant, watches } = context;

  const queue = startQueue(context, "managed-identity", async (key) => {
    const identity = watches.managedIdentities.get(parseKeyText(key));
    if (identity === undefined || identity.metadata.deletionTimestamp !== undefined) return;
    const missingSubjects = subjectsOf(identity).filter(
      (subject) => watches.serviceAccounts.get(parseKeyText(subject)) === undefined,
    );
    const namespaceUids = new Map(
      foreignNamespacesOf(identity).map((name) => [name, watches.namespaces.get({ name })?.metadata.uid]),
    );
    const status = reconcileManagedIdentity(
      { identity, missingSubjects, namespaceUids, tenant },
      new Date(clock.now()),
    );
    await writeStatus(api, managedIdentities, identity, status);
  });

  onEach(watches.managedIdentities, ({ object }) => queue.add(keyText(object.metadata)));
  watches.serviceAccounts.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    const naming = watches.managedIdentities.by("subject", keyText(change.object.metadata));
    for (const identity of naming) queue.add(keyText(identity.metadata));
  });
  watches.namespaces.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    const naming = watches.managedIdentities.by("foreignNamespace", change.object.metadata.name);
    for (const identity of naming) queue.add(keyText(identity.metadata));
  });
  return queue;
}
