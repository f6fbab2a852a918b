import { type AccessFacts, effectiveGrants, type Grant, roleNames } from "./access.ts";
import { canonicalAudience, registeredSpelling } from "./audience.ts";
import { parseDurationSeconds } from "./duration.ts";
import type { ProtectedResource, SigningAlgorithm } from "./protected-resource.ts";
import { type Refusal, refusals } from "./reasons.ts";
import { resourceScope } from "./scope.ts";
import type { BoundIdentity } from "./usable-identities.ts";

/** No token lives shorter than this: clients ask again and again when less is left (seconds). */
const SHORTEST_TOKEN_SECONDS = 300;
const DEFAULT_LIFETIME_SECONDS = 3600;
/** How many audiences a misspelt one is compared with: the cost of a refusal must not grow with the cluster. */
const AUDIENCES_COMPARED = 500;

/** What a token for an audience may say. */
export type AudienceDecision =
  | {
      readonly kind: "granted";
      readonly audience: string;
      readonly roles: readonly string[];
      readonly lifetimeSeconds: number;
      readonly algorithm: SigningAlgorithm;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface AudienceFacts extends AccessFacts {
  /** By canonical audience, as `audienceOwners` gives them. */
  readonly owners: ReadonlyMap<string, ProtectedResource>;
  readonly unregisteredAudiences: "refuse" | "allow";
}

/** May this identity have a token for this audience, with which roles, and for how long? */
export function authorizeAudience(bound: BoundIdentity, asked: string, facts: AudienceFacts): AudienceDecision {
  const owner = facts.owners.get(canonicalAudience(asked));
  if (owner === undefined) return unregistered(bound, asked, facts);

  const at = resourceScope(owner.metadata.namespace, owner.metadata.name);
  const held = effectiveGrants(bound.principalId, at, facts);
  const grants = held.filter((grant) => outlivesAToken(grant, facts.now));
  if (grants.length === 0 && owner.spec.assignmentRequired) {
    const why = held.length === 0 ? refusals.RoleAssignmentRequired : refusals.RoleAssignmentEnding;
    return { kind: "refused", refusal: why(bound.resourceId, at) };
  }
  return {
    kind: "granted",
    audience: registeredSpelling(owner, asked),
    roles: roleNames(grants),
    lifetimeSeconds: Math.min(
      lifetimeOf(bound),
      limitOf(owner),
      ...grants.map((grant) => secondsLeft(grant, facts.now)),
    ),
    algorithm: owner.spec.signingAlgorithm,
  };
}

function unregistered(bound: BoundIdentity, asked: string, facts: AudienceFacts): AudienceDecision {
  if (facts.unregisteredAudiences === "refuse") {
    return {
      kind: "refused",
      refusal: refusals.AudienceNotRegistered(asked, facts.owners.keys().take(AUDIENCES_COMPARED)),
    };
  }
  return { kind: "granted", audience: asked, roles: [], lifetimeSeconds: lifetimeOf(bound), algorithm: "RS256" };
}

/** A token ends with the first of its grants, so a grant that is about to end cannot be in one. */
function outlivesAToken(grant: Grant, now: number): boolean {
  return secondsLeft(grant, now) >= SHORTEST_TOKEN_SECONDS;
}

function secondsLeft({ assignment }: Grant, now: number): number {
  const { expiresAt } = assignment.spec;
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.floor((Date.parse(expiresAt) - now) / 1000);
}

function lifetimeOf({ identity }: BoundIdentity): number {
  return seconds(identity.spec.token?.lifetime) ?? DEFAULT_LIFETIME_SECONDS;
}

function limitOf({ spec }: ProtectedResource): number {
  return seconds(spec.maxTokenLifetime) ?? Number.POSITIVE_INFINITY;
}

const seconds = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDurationSeconds(duration);
