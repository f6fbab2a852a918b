import type { ClientId, PrincipalId, ResourceId } from "../../identity/ids.ts";
import { type Refusal, refusals } from "../../identity/reasons.ts";
import { selectIdentity } from "../../identity/select-identity.ts";
import type { BoundIdentity, PodFacts } from "../../identity/usable-identities.ts";

/** An identity that the pod may name in a token request. */
export interface ListedIdentity {
  readonly client_id: ClientId;
  readonly object_id: PrincipalId;
  readonly resource_id: ResourceId;
  /** Whether a token request that names none gets this one. */
  readonly default: boolean;
}

export type IdentityConfirmation =
  | { readonly kind: "confirmed"; readonly identities: readonly ListedIdentity[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Whether the pod can get a token with any identity, which is what its start waits for. One that its author named in the
 * annotation must be there, since everything in the pod counts on it; that there are several to choose from is no fault.
 */
export function confirmIdentities(pod: PodFacts, usable: readonly BoundIdentity[]): IdentityConfirmation {
  const enabled = usable.filter(({ identity }) => !identity.spec.disabled);
  const byDefault = selectIdentity({ by: "default" }, pod, usable);
  if (byDefault.kind === "selected") return confirmed(enabled, byDefault.identity);
  const { refusal } = byDefault;
  if (refusal.code === "IdentityNotFound") return { kind: "refused", refusal };
  return enabled.length > 0 ? confirmed(enabled) : { kind: "refused", refusal: disabledRefusal(usable) ?? refusal };
}

/** With several that are all disabled, to name one would not help. */
function disabledRefusal([first]: readonly BoundIdentity[]): Refusal | undefined {
  const { namespace, name } = first?.identity.metadata ?? {};
  return first === undefined ? undefined : refusals.IdentityDisabled(`${namespace}/${name}`);
}

function confirmed(enabled: readonly BoundIdentity[], byDefault?: BoundIdentity): IdentityConfirmation {
  const identities = enabled.map((bound) => ({
    client_id: bound.clientId,
    object_id: bound.principalId,
    resource_id: bound.resourceId,
    default: bound === byDefault,
  }));
  return { kind: "confirmed", identities };
}
