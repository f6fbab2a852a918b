import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { type KubeObject, keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import type { Context } from "../context.ts";
import { unlessGone } from "../unless-gone.ts";
import type { Removal } from "./reconcile.ts";

interface Removing extends Pick<Context, "api" | "log"> {
  readonly watches: Pick<Context["watches"], "workloadKinds">;
}

/**
 * Deletes a system-assigned identity. A principal that is gone never comes back, so that its workload is gone is read
 * from the API itself, and not believed of a cache that may be behind.
 */
export async function removeIdentity({ api, log, watches }: Removing, { identity, because }: Removal): Promise<void> {
  if (because.code === "WorkloadGone" && (await workloadLives({ api, watches }, identity))) return;
  const { name, namespace, uid } = identity.metadata;
  await unlessGone(api.delete(managedIdentities, { namespace, name }, { preconditions: { uid } }));
  log.info({ identity: keyText(identity.metadata), principalId: uid, reason: because.code }, because.sentence);
}

/** What cannot be read lives: a kind that was taken out of the chart value `workloads` costs no principal. */
async function workloadLives(
  { api, watches }: Pick<Removing, "api" | "watches">,
  { metadata, spec }: ManagedIdentity,
): Promise<boolean> {
  if (spec.workload === undefined) return false;
  const { kind, name, uid } = spec.workload;
  const known = watches.workloadKinds.get(kind);
  if (known === undefined) return true;
  const live = await unlessGone(api.get<KubeObject>(known, { namespace: metadata.namespace, name }));
  return live?.metadata.uid === uid && live.metadata.deletionTimestamp === undefined;
}
