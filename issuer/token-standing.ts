import { type Grant, roleNames } from "../identity/access.ts";
import { canonicalAudience, isSameAudience } from "../identity/audience.ts";
import type { PodIdentity } from "../identity/claims.ts";
import type { QuestionMeter } from "../identity/condition-judge.ts";
import type { TenantId } from "../identity/ids.ts";
import type { RequestFacts } from "../identity/request-facts.ts";
import { resourceScope } from "../identity/scope.ts";
import type { BoundIdentity } from "../identity/usable-identities.ts";
import type { Clock } from "../kube/clock.ts";
import type { Pod } from "../kube/core-objects.ts";
import type { AccessClaims } from "./access-token.ts";
import type { ClusterState } from "./cluster-state.ts";
import { boundIdentity } from "./pod-identities.ts";
import { podLiveness } from "./pod-liveness.ts";
import { isRevokedSince } from "./revocation/revocations.ts";
import type { IssuerSettings } from "./settings.ts";

/** What a token of ours is worth now, whatever it was when it was signed. */
export type Standing =
  | {
      readonly kind: "good";
      readonly caller: PodIdentity;
      readonly pod: Pod;
      readonly roles: readonly string[];
      /** The assignments that the roles come from, or that open the door without one. */
      readonly grants: readonly Grant[];
    }
  | { readonly kind: "revoked" };

export interface StandingFacts {
  readonly cluster: ClusterState;
  readonly clock: Clock;
  readonly settings: Pick<IssuerSettings, "unregisteredAudiences">;
  /** Counts what the question takes. */
  readonly meter?: QuestionMeter;
  /** The issuer's URL, which is also the audience of tokens for the issuer itself. */
  readonly issuer: string;
}

const revoked: Standing = { kind: "revoked" };

/**
 * A token is good while its pod lives, that pod may still use the identity, the identity is the same one and not
 * disabled, nobody revoked it, and its audience would still be granted. Roles are those of now.
 */
export async function tokenStanding(claims: AccessClaims, tenant: TenantId, facts: StandingFacts): Promise<Standing> {
  if (claims.tid !== tenant) return revoked;
  const caller = podIdentityOf(claims);
  const liveness = await podLiveness(caller, facts.cluster, facts.clock.now());
  if (liveness.kind === "refused") return revoked;
  const now = await rolesOfPod({ pod: liveness.pod, principalId: claims.sub, audience: claims.aud }, tenant, facts);
  if (now === undefined || isRevoked(claims, now.bound, liveness.pod, facts)) return revoked;
  return { kind: "good", caller, pod: liveness.pod, roles: now.roles, grants: now.grants };
}

interface PodToken {
  readonly pod: Pod;
  readonly principalId: string;
  readonly audience: string;
}

/** What a pod may have for an audience now, by an identity that it may use; undefined when that is nothing. */
export async function rolesOfPod(
  { pod, principalId, audience }: PodToken,
  tenant: TenantId,
  facts: StandingFacts,
): Promise<(RolesNow & { readonly bound: BoundIdentity }) | undefined> {
  const bound = await boundIdentity(pod, facts.cluster.identity.withPrincipalId(principalId), facts.cluster, tenant);
  if (bound === undefined || bound.identity.spec.disabled) return undefined;
  const { meter } = facts;
  const podFacts = await facts.cluster.podFacts(pod, meter);
  if (podFacts === undefined) return undefined;
  const now = rolesNow(bound, { now: facts.clock.now(), audience, pod: podFacts, meter }, facts);
  return now === undefined ? undefined : { bound, ...now };
}

function isRevoked(
  { jti, known_revocations: known }: AccessClaims,
  { identity }: BoundIdentity,
  pod: Pod,
  { cluster: { revocations } }: StandingFacts,
): boolean {
  const holder = { identity: identity.metadata, pod: pod.metadata };
  return revocations.isTokenRevoked(identity.metadata, jti) || isRevokedSince(known, holder, revocations);
}

interface RolesNow {
  readonly roles: readonly string[];
  readonly grants: readonly Grant[];
}

const withoutRoles: RolesNow = { roles: [], grants: [] };

/** Undefined when the audience is not granted any more. */
function rolesNow(
  bound: BoundIdentity,
  request: RequestFacts & { readonly audience: string },
  { cluster, settings, issuer }: StandingFacts,
): RolesNow | undefined {
  if (isSameAudience(request.audience, issuer)) return withoutRoles;
  const { usable, unusable } = cluster.audienceOwners;
  const canonical = canonicalAudience(request.audience);
  if (unusable.has(canonical)) return undefined;
  const owner = usable.get(canonical);
  if (owner === undefined) return settings.unregisteredAudiences === "allow" ? withoutRoles : undefined;
  const at = resourceScope(owner.metadata.namespace, owner.metadata.name);
  const grants = cluster.access.grantsAt(bound.principalId, at, request);
  if (grants.length > 0 || !owner.spec.assignmentRequired) return { roles: roleNames(grants), grants };
  const part = cluster.access.grantsBelow(bound.principalId, at, request).next();
  return part.done ? undefined : { roles: [], grants: [part.value] };
}

function podIdentityOf({ "kubernetes.io": bound }: AccessClaims): PodIdentity {
  const { namespace, pod, serviceaccount: serviceAccount, node } = bound;
  const identity = { namespace, pod, serviceAccount };
  return node === undefined ? identity : { ...identity, node: node.name };
}
