import { MOST_REVOCATIONS_OF_A_NAMESPACE, type TokenRevocation } from "../../identity/token-revocation.ts";
import { keyText } from "../../kube/kind.ts";
import { tokenRevocations } from "../../kube/kinds.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { parseKeyText } from "../object-name.ts";
import { startQueue } from "../reconcile-queue.ts";
import { comesOrGoes, onEach } from "../store-changes.ts";
import { unlessGone } from "../unless-gone.ts";
import { writeStatus } from "../write-status.ts";
import { revocationRecord } from "./audit-revocation.ts";
import { isOverAt, reconcileTokenRevocation } from "./reconcile.ts";

const LOOK_AGAIN_MS = 600_000;
const MOST_SUGGESTED_FROM = 100;

/** Keeps the Ready condition of every TokenRevocation, and deletes it when no token is left that it could concern. */
export function startTokenRevocationController(context: Context): WorkQueue {
  const { api, clock, watches } = context;

  const hasTooMany = (namespace: string): boolean => {
    const most = MOST_REVOCATIONS_OF_A_NAMESPACE;
    return watches.tokenRevocations.by("namespace", namespace, most + 1).length > most;
  };

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
    const areTooMany = hasTooMany(namespace);
    const identities = identitiesMeant(revocation, watches);
    const status = reconcileTokenRevocation({ revocation, identities, areTooMany }, new Date(now));
    await writeStatus(api, tokenRevocations, revocation, status);
    queue.setDue(key, areTooMany ? Math.min(now + LOOK_AGAIN_MS, isOverAt(revocation)) : isOverAt(revocation));
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
    if (hasTooMany(namespace)) return;
    const naming = watches.tokenRevocations.by("identity", keyText(change.object.metadata));
    for (const { metadata } of naming) queue.add(keyText(metadata));
  });
  return queue;
}

/** The identity that a revocation names if it exists, or some of those that may be meant. */
function identitiesMeant(
  revocation: Stored<TokenRevocation>,
  { managedIdentities }: Pick<Context["watches"], "managedIdentities">,
): string[] {
  const { namespace } = revocation.metadata;
  const name = isUsable(revocation) ? revocation.spec.managedIdentity : undefined;
  if (name === undefined) return [];
  if (managedIdentities.get({ namespace, name }) !== undefined) return [name];
  const some = managedIdentities.by("namespace", namespace ?? "", MOST_SUGGESTED_FROM);
  return some.map(({ metadata }) => metadata.name);
}

/** The condition is written after the audit record: a process that ends in between writes the record again, and loses none. */
const wasLookedAt = ({ status }: Stored<TokenRevocation>): boolean =>
  status?.conditions?.some(({ type }) => type === "Ready") ?? false;
