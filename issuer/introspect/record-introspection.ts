import type { PodIdentity } from "../../identity/claims.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Audit, auditHead } from "../audit.ts";
import type { RequestContext } from "../request-context.ts";
import type { IntrospectionReply } from "./introspect-token.ts";

interface Context extends RequestContext {
  /** Left out where the token asks about itself. */
  readonly caller?: Pick<PodIdentity, "pod">;
  readonly introspection: IntrospectionReply;
  /** UID of the pod that the token was given to, if it is one of ours. */
  readonly holder: string | undefined;
}

/**
 * No answer about another's token leaves without its audit record. A sidecar asks about its own every few seconds, as
 * long as it hands it out: that it is still good says nothing new about who did what.
 */
export function recordIntrospection(
  endpoint: string,
  { audit, clock }: { readonly audit: Audit; readonly clock: Clock },
) {
  return ({ request, notes, introspection, caller, holder }: Context): object => {
    const isConfirmation = caller !== undefined && caller.pod.uid === holder && introspection.active;
    if (isConfirmation) return {};
    const decision = introspection.active ? "active" : "inactive";
    audit({ event: "introspection", decision, ...auditHead({ endpoint, request, notes }, clock) });
    return {};
  };
}
