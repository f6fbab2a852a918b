import { roleNames } from "../identity/access.ts";
import { canonicalAudience } from "../identity/audience.ts";
import type { PodIdentity } from "../identity/claims.ts";
import type { TenantId } from "../identity/ids.ts";
import type { RequestFacts } from "../identity/request-facts.ts";
import { resourceScope } from "../identity/scope.ts";
import type { BoundIdentity } from "../identity/usable-identities.ts";
import type { Clock } from "../kube/clock.ts";
import type { AccessClaims } from "./access-token.ts";
import type { ClusterState } from "./cluster-state.ts";
import { podIdentities } from "./pod-identities.ts";
import { podLiveness } from "./pod-liveness.ts";
import { podRequestFacts } from "./pod-request-facts.ts";
import type { IssuerSettings } from "./settings.ts";

/** What a token of ours is worth now, whatever it was when it was signed. */
export type Standing =
  | { readonly kind: "good"; readonly caller: PodIdentity; readonly roles: readonly string[] }
  | { readonly kind: "revoked" };

export interface StandingFacts {
  readonly cluster: ClusterState;
  readonly clock: Clock;
  readonly settings: Pick<IssuerSettings, "unregisteredAudiences">;
}

const revoked: Standing = { kind: "revoked" };

/**
 * A token is good while its pod lives, that pod may still use the identity, the identity is the same one and not
 * disabled, and its audience would still be granted. Roles are those of now.
 */
export async function tokenStanding(claims: AccessClaims, tenant: TenantId, facts: StandingFacts): Promise<Standing> {
  if (claims.tid !== tenant) return revoked;
  const caller = podIdentityOf(claims);
  const liveness = await podLiveness(caller, facts.cluster, facts.clock.now());
  if (liveness.kind === "refused") return revoked;
  const { usable } = await podIdentities(liveness.pod, facts.cluster, tenant);
  const bound = usable.find((candidate) => candidate.principalId === claims.sub);
  if (bound === undefined || bound.identity.spec.disabled) return revoked;
  const request = { now: facts.clock.now(), audience: claims.aud, pod: podRequestFacts(liveness.pod) };
  const roles = rolesNow(bound, request, facts);
  return roles === undefined ? revoked : { kind: "good", caller, roles };
}

/** Undefined when the audience is not granted any more. */
function rolesNow(
  bound: BoundIdentity,
  request: RequestFacts & { readonly audience: string },
  { cluster, settings }: StandingFacts,
): string[] | undefined {
  const { usable, unusable } = cluster.audienceOwners;
  const canonical = canonicalAudience(request.audience);
  if (unusable.has(canonical)) return undefined;
  const owner = usable.get(canonical);
  if (owner === undefined) return settings.unregisteredAudiences === "allow" ? [] : undefined;
  const at = resourceScope(owner.metadata.namespace, owner.metadata.name);
  const roles = roleNames(cluster.access.grantsAt(bound.principalId, at, request));
  if (roles.length > 0 || !owner.spec.assignmentRequired) return roles;
  return cluster.access.grantsBelow(bound.principalId, at, request).next().done ? undefined : roles;
}

function podIdentityOf({ "kubernetes.io": bound }: AccessClaims): PodIdentity {
  const { namespace, pod, serviceaccount: serviceAccount, node } = bound;
  const identity = { namespace, pod, serviceAccount };
  return node === undefined ? identity : { ...identity, node: node.name };
}
