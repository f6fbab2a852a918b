import { buildClaims as build, type PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import type { BoundIdentity } from "../../identity/usable-identities.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Granted } from "./authorize-audience.ts";

interface Context {
  readonly tenantId: TenantId;
  readonly caller: PodIdentity;
  readonly bound: BoundIdentity;
  readonly granted: Granted;
}

export interface ClaimSources {
  /** The `iss`. */
  readonly issuer: string;
  readonly clock: Clock;
  /** Makes the `jti`: never the same twice. */
  readonly randomId: () => string;
}

export type TokenClaims = ReturnType<typeof build>;

export function buildClaims({ issuer, clock, randomId }: ClaimSources) {
  return ({ tenantId, caller, bound, granted }: Context): { readonly claims: TokenClaims } => ({
    claims: build({
      issuer,
      tenantId,
      bound,
      pod: caller,
      audience: granted.audience,
      roles: granted.roles,
      issuedAt: Math.floor(clock.now() / 1000),
      lifetimeSeconds: granted.lifetimeSeconds,
      jti: randomId(),
    }),
  });
}
