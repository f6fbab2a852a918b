import type { TenantId } from "../../identity/ids.ts";
import { refusals } from "../../identity/reasons.ts";
import type { ClusterState } from "../cluster-state.ts";
import { Refused } from "../endpoint.ts";

/** Before the cluster has been read, an absent object proves nothing: nobody is refused for good, or let through. */
export function requireReady(cluster: Pick<ClusterState, "tenantId">): () => { readonly tenantId: TenantId } | Refused {
  return () => {
    const tenantId = cluster.tenantId();
    return tenantId === undefined ? new Refused(refusals.NotReady(), 1) : { tenantId };
  };
}
