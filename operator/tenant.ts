import { type TenantId, tenantId } from "../identity/ids.ts";
import { TENANT_NAMESPACE } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import { namespaces } from "../kube/kinds.ts";
import { isStatus } from "../kube/status-error.ts";

/** The tenant is the cluster: the UID of a namespace that every cluster has and never deletes. */
export async function readTenant(api: KubeApi): Promise<TenantId> {
  try {
    const { metadata } = await api.get(namespaces, { name: TENANT_NAMESPACE });
    return tenantId(metadata.uid);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
    throw new Error(
      `Namespace ${TENANT_NAMESPACE} does not exist, and its UID is the tenant id of every token: create it.`,
      { cause: error },
    );
  }
}
