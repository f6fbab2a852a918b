import { buildClaims as build, type PodIdentity, type TokenClaims } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import { knownRevocations } from "../../identity/known-revocations.ts";
import { tokenIdWith } from "../../identity/token-id.ts";
import type { BoundIdentity } from "../../identity/usable-identities.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { type StatusReferences, statusReferences } from "../status-list/status-reference.ts";
import type { Granted } from "./authorize-audience.ts";

interface Context {
  readonly tenantId: TenantId;
  readonly caller: PodIdentity;
  readonly pod: Pod;
  readonly bound: BoundIdentity;
  readonly granted: Granted;
}

/** `issuer` is the `iss`. */
export interface ClaimSources extends StatusReferences {
  readonly clock: Clock;
  /** Makes the `jti`: never the same twice. */
  readonly randomId: () => string;
}

export function buildClaims(sources: ClaimSources) {
  const { issuer, clock, cluster, randomId } = sources;
  const referenceFor = statusReferences(sources);
  return ({ tenantId, caller, pod, bound, granted }: Context): { readonly claims: TokenClaims } => {
    const { audience, roles, acceptedClaims, lifetimeSeconds, grantedSince } = granted;
    const issuedAt = Math.floor(clock.now() / 1000);
    const holder = { identity: bound.identity.metadata, pod: pod.metadata };
    const known = knownRevocations(cluster.revocations.concerning(holder));
    const token = { pod, principalId: bound.principalId, audience, roles, known, issuedAt, lifetimeSeconds };
    const statusList = referenceFor(token);
    const id = randomId();
    return {
      claims: build({
        ...{ issuer, tenantId, bound, pod: caller, audience, roles, acceptedClaims },
        ...{ issuedAt, lifetimeSeconds, grantedSince },
        jti: statusList === undefined ? id : tokenIdWith(id, statusList.idx),
        knownRevocations: known,
        statusList,
      }),
    };
  };
}
