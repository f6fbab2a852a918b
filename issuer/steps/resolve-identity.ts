import type { TenantId } from "../../identity/ids.ts";
import { selectIdentity } from "../../identity/select-identity.ts";
import type { BoundIdentity } from "../../identity/usable-identities.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { AuditNotes } from "../audit.ts";
import type { ClusterState } from "../cluster-state.ts";
import { Refused } from "../endpoint.ts";
import { podIdentities } from "../pod-identities.ts";
import type { TokenRequest } from "./token-request.ts";

interface Context {
  readonly asked: Pick<TokenRequest, "selector">;
  readonly pod: Pod;
  readonly tenantId: TenantId;
  readonly notes: AuditNotes;
}

/** Which of the identities that the pod may use this request means. */
export function resolveIdentity(cluster: Pick<ClusterState, "controllerChain" | "identitiesNaming" | "identity">) {
  return async ({ asked, pod, tenantId, notes }: Context): Promise<{ readonly bound: BoundIdentity } | Refused> => {
    const { facts, usable } = await podIdentities(pod, cluster, tenantId, asked.selector);
    const selection = selectIdentity(asked.selector, facts, usable);
    if (selection.kind === "refused") return new Refused(selection.refusal);
    const bound = selection.identity;
    notes.identity = bound.resourceId;
    notes.principalId = bound.principalId;
    notes.clientId = bound.clientId;
    return { bound };
  };
}
