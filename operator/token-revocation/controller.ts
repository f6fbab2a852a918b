import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { keyText } from "../../kube/kind.ts";
import { tokenRevocations } from "../../kube/kinds.ts";
import type { Stored } from "../../kube/stored.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { parseKeyText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import { unlessGone } from "../unless-gone.ts";
import { writeStatus } from "../write-status.ts";
import { revocationRecord } from "./audit-revocation.ts";
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
    if (!wasLookedAt(revocation)) context.auditRevocation(revocationRecord(revocation, "revoked", now));
    const identities = watches.managedIdentities.by("namespace", namespace).map(({ metadata }) => metadata.name);
    const status = reconcileTokenRevocation({ revocation, identities }, new Date(now));
    await writeStatus(api, tokenRevocations, revocation, status);
    queue.setDue(key, isOverAt(revocation));
  });

  onEach(watches.tokenRevocations, ({ type, object }) => {
    queue.add(keyText(object.metadata));
    const now = clock.now();
    const isWithdrawn = type === "delete" && now < isOverAt(object);
    if (isWithdrawn) context.auditRevocation(revocationRecord(object, "withdrawn", now));
  });
  watches.managedIdentities.subscribe((change) => {
    if (!comesOrGoes(change)) return;
    const { namespace = "" } = change.object.metadata;
    for (const { metadata } of watches.tokenRevocations.by("namespace", namespace)) queue.add(keyText(metadata));
  });
  return queue;
}

/** The condition is written after the audit record: a process that ends in between writes the record again, and loses none. */
const wasLookedAt = ({ status }: Stored<TokenRevocation>): boolean =>
  status?.conditions?.some(({ type }) => type === "Ready") ?? false;
