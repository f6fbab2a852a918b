import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { KubeApi } from "../../kube/api.ts";
import { type KubeObject, keyText } from "../../kube/kind.ts";
import { managedIdentities, workloads } from "../../kube/kinds.ts";
import type { Context } from "../context.ts";
import { unlessGone } from "../unless-gone.ts";
import type { Removal } from "./reconcile.ts";

/**
 * Deletes a system-assigned identity. A principal that is gone never comes back, so that its workload is gone is read
 * from the API itself, and not believed of a cache that may be behind.
 */
export async function removeIdentity(
  { api, log }: Pick<Context, "api" | "log">,
  { identity, because }: Removal,
): Promise<void> {
  if (because.code === "WorkloadGone" && (await workloadLives(api, identity))) return;
  const { name, namespace, uid } = identity.metadata;
  await unlessGone(api.delete(managedIdentities, { namespace, name }, { preconditions: { uid } }));
  log.info({ identity: keyText(identity.metadata), principalId: uid, reason: because.code }, because.sentence);
}

async function workloadLives(api: KubeApi, { metadata, spec }: ManagedIdentity): Promise<boolean> {
  if (spec.workload === undefined) return false;
  const { kind, name, uid } = spec.workload;
  const live = await unlessGone(api.get<KubeObject>(workloads[kind], { namespace: metadata.namespace, name }));
  return live?.metadata.uid === uid && live.metadata.deletionTimestamp === undefined;
}
