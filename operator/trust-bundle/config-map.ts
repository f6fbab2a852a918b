import { injection, managedByLanyard } from "../../identity/names.ts";
import type { KubeApi } from "../../kube/api.ts";
import { type ConfigMap, configMaps } from "../../kube/cluster-kinds.ts";
import { namespaces } from "../../kube/kinds.ts";
import { unlessGone } from "../unless-gone.ts";
import { FIELD_MANAGER } from "../write-status.ts";

const { trustBundle: NAME, trustBundleKey: KEY } = injection;

/** PEM. */
export function contentOf({ data }: ConfigMap): string | undefined {
  return data?.[KEY];
}

export async function writeTrustBundle(api: KubeApi, namespace: string, trustBundle: string): Promise<void> {
  const metadata = { name: NAME, namespace, labels: managedByLanyard };
  const manifest = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { [KEY]: trustBundle } };
  try {
    await api.apply(configMaps, manifest, { fieldManager: FIELD_MANAGER, force: true });
  } catch (error) {
    // The API server refuses what is new in a namespace that is being deleted; the watch tells of it a moment later.
    const live = await unlessGone(api.get(namespaces, { name: namespace }));
    if (live !== undefined && live.metadata.deletionTimestamp === undefined) throw error;
  }
}

export async function removeTrustBundle(api: KubeApi, { metadata }: ConfigMap): Promise<void> {
  const { namespace, name, uid, resourceVersion } = metadata;
  await unlessGone(api.delete(configMaps, { namespace, name }, { preconditions: { uid, resourceVersion } }));
}
