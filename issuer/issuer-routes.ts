import { TokenBuckets } from "../kube/token-bucket.ts";
import { accessTokenVerifier, type VerifyAccessToken } from "./access-token.ts";
import type { ClusterState } from "./cluster-state.ts";
import { discovery, keySet } from "./discovery.ts";
import { evaluationEndpoint, evaluationsEndpoint } from "./evaluation/evaluation-endpoint.ts";
import type { RefusalSinks } from "./handler.ts";
import { identitiesEndpoint } from "./identities/identities-endpoint.ts";
import { introspectionEndpoint } from "./introspect/introspection-endpoint.ts";
import { FORM, JSON_BODY, type Route } from "./routes.ts";
import type { IssuerSettings } from "./settings.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { statusListEndpoint } from "./status-list/status-list-endpoint.ts";
import type { UnprovenSource } from "./steps/check-source-address.ts";
import type { RateLimits } from "./steps/enforce-rate-limit.ts";
import type { VerifySubjectToken } from "./subject-token.ts";
import { tenantDiscovery } from "./tenant-discovery.ts";
import { tokenEndpoint } from "./token-endpoint.ts";

export interface IssuerParts extends RefusalSinks {
  readonly cluster: ClusterState;
  readonly issuer: string;
  readonly verify: VerifySubjectToken;
  readonly signingKeys: SigningKeys;
  readonly settings: IssuerSettings;
  readonly failures: TokenBuckets;
  readonly randomId: () => string;
  readonly onUnprovenSource: (source: UnprovenSource) => void;
}

/** Every address of the issuer. */
export function issuerRoutes(parts: IssuerParts): Route[] {
  const { clock, issuer, settings } = parts;
  const { tokensPerPod, tokensPerNamespace } = settings.rateLimits;
  const rateLimits = {
    perPod: new TokenBuckets(tokensPerPod, clock),
    perNamespace: new TokenBuckets(tokensPerNamespace, clock),
  };
  const token = tokenEndpoint({ ...parts, rateLimits });
  const decisions = { ...parts, ...decisionParts(parts) };
  return [
    { name: "POST /oauth2/token", method: "POST", path: "/oauth2/token", accepts: FORM, handle: token },
    {
      name: "GET /identities",
      method: "GET",
      path: "/identities",
      handle: identitiesEndpoint({ ...parts, rateLimits }),
    },
    {
      name: "POST /introspect",
      method: "POST",
      path: "/introspect",
      accepts: FORM,
      handle: introspectionEndpoint(decisions),
    },
    {
      name: "POST /access/v1/evaluation",
      method: "POST",
      path: "/access/v1/evaluation",
      accepts: JSON_BODY,
      handle: evaluationEndpoint(decisions),
    },
    {
      name: "POST /access/v1/evaluations",
      method: "POST",
      path: "/access/v1/evaluations",
      accepts: JSON_BODY,
      handle: evaluationsEndpoint(decisions),
    },
    ...statusListRoutes(parts),
    { name: "GET /keys", method: "GET", path: "/keys", handle: keySet(parts.signingKeys) },
    {
      name: "GET /.well-known/openid-configuration",
      method: "GET",
      path: "/.well-known/openid-configuration",
      handle: discovery(issuer),
    },
    {
      name: "POST /{tenant}/oauth2/v2.0/token",
      method: "POST",
      path: /^\/[^/]+\/oauth2\/v2\.0\/token$/,
      accepts: FORM,
      handle: token,
    },
    {
      name: "GET /{tenant}/v2.0/.well-known/openid-configuration",
      method: "GET",
      path: /^\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/,
      handle: tenantDiscovery(parts),
    },
  ];
}

/** What the endpoints for services need besides; one pod's limit holds for all of them together. */
function decisionParts(parts: IssuerParts): { verifyAccessToken: VerifyAccessToken; decisionLimits: RateLimits } {
  const { decisionsPerPod, decisionsPerNamespace } = parts.settings.rateLimits;
  return {
    verifyAccessToken: accessTokenVerifier(parts),
    decisionLimits: {
      perPod: new TokenBuckets(decisionsPerPod, parts.clock),
      perNamespace: new TokenBuckets(decisionsPerNamespace, parts.clock),
    },
  };
}

function statusListRoutes(parts: IssuerParts): Route[] {
  const ttlSeconds = parts.settings.statusListTtlSeconds;
  if (ttlSeconds === 0) return [];
  const handle = statusListEndpoint({ ...parts, ttlSeconds });
  return [{ name: "GET /status-lists", method: "GET", path: /^\/status-lists\//, handle }];
}
