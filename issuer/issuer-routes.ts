import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { Audit } from "./audit.ts";
import type { ClusterState } from "./cluster-state.ts";
import { discovery, keySet } from "./discovery.ts";
import { livez, readyz } from "./operations.ts";
import { FORM, type Route } from "./routes.ts";
import type { IssuerSettings } from "./settings.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { VerifySubjectToken } from "./subject-token.ts";
import { tenantDiscovery } from "./tenant-discovery.ts";
import { TokenBuckets } from "./token-bucket.ts";
import { tokenEndpoint } from "./token-endpoint.ts";

export interface IssuerParts {
  readonly cluster: ClusterState;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly issuer: string;
  readonly verify: VerifySubjectToken;
  readonly signingKeys: SigningKeys;
  readonly settings: IssuerSettings;
  readonly randomId: () => string;
}

/** Every address of the issuer. */
export function issuerRoutes(parts: IssuerParts): { readonly public: Route[]; readonly operations: Route[] } {
  const { cluster, clock, issuer, settings } = parts;
  const { tokensPerPod, tokensPerNamespace } = settings.rateLimits;
  const rateLimits = {
    perPod: new TokenBuckets(tokensPerPod, clock),
    perNamespace: new TokenBuckets(tokensPerNamespace, clock),
  };
  const token = tokenEndpoint({ ...parts, rateLimits });
  return {
    public: [
      { method: "POST", path: "/oauth2/token", accepts: FORM, handle: token },
      { method: "GET", path: "/keys", handle: keySet(parts.signingKeys) },
      { method: "GET", path: "/.well-known/openid-configuration", handle: discovery(issuer) },
      { method: "POST", path: /^\/[^/]+\/oauth2\/v2\.0\/token$/, accepts: FORM, handle: token },
      {
        method: "GET",
        path: /^\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/,
        handle: tenantDiscovery(parts),
      },
    ],
    operations: [
      { method: "GET", path: "/livez", handle: livez },
      { method: "GET", path: "/readyz", handle: readyz(cluster) },
    ],
  };
}
