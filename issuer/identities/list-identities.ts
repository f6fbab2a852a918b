import type { TenantId } from "../../identity/ids.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { ClusterState } from "../cluster-state.ts";
import { Refused } from "../endpoint.ts";
import { podIdentities } from "../pod-identities.ts";
import { confirmIdentities, type ListedIdentity } from "./confirm-identities.ts";

interface Context {
  readonly pod: Pod;
  readonly tenantId: TenantId;
}

export function listIdentities(cluster: Pick<ClusterState, "controllerChain" | "identitiesNaming" | "identity">) {
  return async ({ pod, tenantId }: Context): Promise<{ readonly identities: readonly ListedIdentity[] } | Refused> => {
    const { facts, usable } = await podIdentities(pod, cluster, tenantId);
    const confirmation = confirmIdentities(facts, usable);
    return confirmation.kind === "refused"
      ? new Refused(confirmation.refusal)
      : { identities: confirmation.identities };
  };
}
