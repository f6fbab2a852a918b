import { isAcceptableClaim } from "./accepted-claims.ts";
import type { TenantId } from "./ids.ts";
import type { BoundIdentity } from "./usable-identities.ts";

/** The pod that asked, as its bound ServiceAccount token and the API say. */
export interface PodIdentity {
  readonly namespace: string;
  readonly pod: { readonly name: string; readonly uid: string };
  readonly serviceAccount: { readonly name: string; readonly uid: string };
  readonly node?: string;
}

export interface ClaimFacts {
  readonly issuer: string;
  readonly tenantId: TenantId;
  readonly bound: BoundIdentity;
  readonly pod: PodIdentity;
  readonly audience: string;
  readonly roles: readonly string[];
  /** Names of the identity's own claims that the target wants at the top level. */
  readonly acceptedClaims: readonly string[];
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
  /** Seconds since the epoch. What the token says did not hold before; undefined when it always did. */
  readonly grantedSince?: number | undefined;
  readonly jti: string;
  /** Those of this identity and pod (`known-revocations.ts`), when there are any. */
  readonly knownRevocations?: string | undefined;
  /** Where it stands whether the token is still good, when that is published. */
  readonly statusList?: { readonly idx: number; readonly uri: string } | undefined;
}

export type TokenClaims = Record<string, unknown> & {
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
};

/** A target whose clock is behind takes a new token too; one whose clock is ahead is why none is served in its last 300 s. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * The payload of an access token: RFC 9068 §2.2, and the claims that Entra ID gives a managed identity. Times are
 * NumericDates. The identity's own claims come last, because some verifiers believe the first of two claims.
 */
export function buildClaims(facts: ClaimFacts): TokenClaims {
  const { bound, issuedAt } = facts;
  return {
    iss: facts.issuer,
    aud: facts.audience,
    sub: bound.principalId,
    oid: bound.principalId,
    tid: facts.tenantId,
    appid: bound.clientId,
    azp: bound.clientId,
    client_id: bound.clientId,
    idtyp: "app",
    ver: "2.0",
    iat: issuedAt,
    nbf: Math.max(issuedAt - CLOCK_SKEW_SECONDS, facts.grantedSince ?? 0),
    exp: issuedAt + facts.lifetimeSeconds,
    jti: facts.jti,
    roles: facts.roles,
    xms_mirid: bound.resourceId,
    ...(facts.knownRevocations === undefined ? {} : { known_revocations: facts.knownRevocations }),
    ...(facts.statusList === undefined ? {} : { status: { status_list: facts.statusList } }),
    "kubernetes.io": kubernetesClaim(facts.pod),
    ...ownClaims(facts),
  };
}

/** Names that may not be lifted were refused when the resource was written; they stay in `custom`, whatever is stored. */
function ownClaims({ bound, acceptedClaims }: ClaimFacts): Record<string, unknown> {
  const claims = Object.entries(bound.identity.spec.token?.claims ?? {});
  const accepted = new Set(acceptedClaims.filter(isAcceptableClaim));
  const custom = claims.filter(([name]) => !accepted.has(name));
  return {
    ...Object.fromEntries(claims.filter(([name]) => accepted.has(name))),
    ...(custom.length === 0 ? {} : { custom: Object.fromEntries(custom) }),
  };
}

/** The shape that Kubernetes gives the same facts in its own ServiceAccount tokens. */
function kubernetesClaim({ namespace, pod, serviceAccount, node }: PodIdentity): Record<string, unknown> {
  const claim = { namespace, pod, serviceaccount: serviceAccount };
  return node === undefined ? claim : { ...claim, node: { name: node } };
}
