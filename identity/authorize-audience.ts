import { type Grant, roleNames } from "./access.ts";
import type { AccessIndex } from "./access-index.ts";
import { canonicalAudience, isSameAudience, registeredSpelling } from "./audience.ts";
import { QuestionMeter } from "./condition-judge.ts";
import { parseDurationSeconds } from "./duration.ts";
import { missSentence } from "./nearest-miss.ts";
import type { ProtectedResource, SigningAlgorithm, TokenType } from "./protected-resource.ts";
import { type Refusal, refusals } from "./reasons.ts";
import type { RequestFacts } from "./request-facts.ts";
import { clusterScope, resourceScope, type Scope } from "./scope.ts";
import type { BoundIdentity } from "./usable-identities.ts";

/** No token lives shorter than this: clients ask again and again when less is left (seconds). */
export const SHORTEST_TOKEN_SECONDS = 300;
const DEFAULT_LIFETIME_SECONDS = 3600;

/** What a token for an audience may say. */
export type AudienceDecision =
  | {
      readonly kind: "granted";
      readonly audience: string;
      readonly roles: readonly string[];
      /** What it is given for, for the audit trail. None where no role is needed. */
      readonly grants: readonly Grant[];
      readonly lifetimeSeconds: number;
      /** Seconds since the epoch: when the last of the grants that it is given for began; undefined when all always held. */
      readonly grantedSince: number | undefined;
      readonly algorithm: SigningAlgorithm;
      readonly tokenType: TokenType;
      /** Names of the identity's own claims that the target wants at the top level. */
      readonly acceptedClaims: readonly string[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface AudienceFacts {
  readonly access: Pick<AccessIndex, "grantsAt" | "grantsBelow" | "nearestMiss">;
  readonly request: RequestFacts;
  /** By canonical audience, as `audienceOwners` gives them. */
  readonly owners: ReadonlyMap<string, ProtectedResource>;
  /** The audiences that a refusal may suggest to this identity: those of its own namespace and of resources that it has a role on. */
  readonly suggestible: (bound: BoundIdentity) => Iterable<string>;
  readonly unregisteredAudiences: "refuse" | "allow";
  /** The issuer's URL. A token for it opens the issuer's own endpoints, needs no role, and cannot be registered by a resource. */
  readonly issuer: string;
}

/**
 * May this identity have a token for this audience, with which roles, and for how long? Roles on parts of the resource
 * open the door too, but are not in the token: a target that only reads it would take them for roles on the whole.
 */
export function authorizeAudience(bound: BoundIdentity, asked: string, facts: AudienceFacts): AudienceDecision {
  if (isSameAudience(asked, facts.issuer)) return withoutRoles(bound, facts.issuer);
  const owner = facts.owners.get(canonicalAudience(asked));
  if (owner === undefined) return unregistered(bound, asked, facts);

  const audience = registeredSpelling(owner, asked);
  const request = { ...facts.request, audience, meter: facts.request.meter ?? new QuestionMeter() };
  const at = resourceScope(owner.metadata.namespace, owner.metadata.name);
  const held = facts.access.grantsAt(bound.principalId, at, request);
  const grants = held.filter((grant) => secondsLeft(grant, request.now) >= SHORTEST_TOKEN_SECONDS);
  const grantedBy = (openers: readonly Grant[]): AudienceDecision => ({
    kind: "granted",
    audience,
    roles: roleNames(grants),
    grants: openers,
    lifetimeSeconds: Math.min(lifetimeOf(bound), limitOf(owner), shortest(openers, request.now)),
    grantedSince: latestBegin(openers),
    algorithm: owner.spec.signingAlgorithm,
    tokenType: owner.spec.tokenType,
    acceptedClaims: owner.spec.acceptedClaims ?? [],
  });
  if (grants.length > 0 || !owner.spec.assignmentRequired) return grantedBy(grants);

  const part = longest(facts.access.grantsBelow(bound.principalId, at, request), request.now);
  if (part !== undefined && secondsLeft(part, request.now) >= SHORTEST_TOKEN_SECONDS) return grantedBy([part]);
  const refusal =
    held.length === 0 && part === undefined
      ? refusals.RoleAssignmentRequired(bound.resourceId, at, nearestTo(bound, at, { ...facts, request }))
      : refusals.RoleAssignmentEnding(bound.resourceId, at);
  return { kind: "refused", refusal };
}

/** The pod is told of its own identity's roles, wherever they are. */
function nearestTo(
  { identity, principalId: principal }: BoundIdentity,
  scope: Scope,
  { access, request }: AudienceFacts,
): string | undefined {
  const miss = access.nearestMiss({ principal, scope, explain: { identity, within: clusterScope } }, request);
  return miss && missSentence(miss);
}

function unregistered(bound: BoundIdentity, asked: string, facts: AudienceFacts): AudienceDecision {
  if (facts.unregisteredAudiences === "refuse") {
    return { kind: "refused", refusal: refusals.AudienceNotRegistered(asked, facts.suggestible(bound)) };
  }
  return withoutRoles(bound, asked);
}

function withoutRoles(bound: BoundIdentity, audience: string): AudienceDecision {
  return {
    kind: "granted",
    audience,
    roles: [],
    grants: [],
    lifetimeSeconds: lifetimeOf(bound),
    grantedSince: undefined,
    algorithm: "RS256",
    tokenType: "at+jwt",
    acceptedClaims: [],
  };
}

/** A token ends with the first of the grants that it is given for. */
function shortest(grants: readonly Grant[], now: number): number {
  return grants.reduce((least, grant) => Math.min(least, secondsLeft(grant, now)), Number.POSITIVE_INFINITY);
}

/** A token without roles is worth something for as long as one of the grants is that open the door. */
function longest(grants: Iterable<Grant>, now: number): Grant | undefined {
  let found: Grant | undefined;
  for (const grant of grants) {
    if (found === undefined || secondsLeft(grant, now) > secondsLeft(found, now)) found = grant;
    if (secondsLeft(found, now) === Number.POSITIVE_INFINITY) break;
  }
  return found;
}

function secondsLeft({ assignment }: Grant, now: number): number {
  const { expiresAt } = assignment.spec;
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.floor((Date.parse(expiresAt) - now) / 1000);
}

function latestBegin(grants: readonly Grant[]): number | undefined {
  const begins = grants.flatMap(({ assignment: { spec } }) => spec.notBefore ?? []).map((time) => Date.parse(time));
  return begins.length === 0 ? undefined : Math.ceil(Math.max(...begins) / 1000);
}

function lifetimeOf({ identity }: BoundIdentity): number {
  return seconds(identity.spec.token?.lifetime) ?? DEFAULT_LIFETIME_SECONDS;
}

function limitOf({ spec }: ProtectedResource): number {
  return seconds(spec.maxTokenLifetime) ?? Number.POSITIVE_INFINITY;
}

const seconds = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDurationSeconds(duration);
