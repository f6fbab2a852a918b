import type { TokenClaims } from "../identity/claims.ts";
import type { Clock } from "../kube/clock.ts";
import type { Audit } from "./audit.ts";
import type { ClusterState } from "./cluster-state.ts";
import { endpoint } from "./endpoint.ts";
import type { RefusalSinks } from "./handler.ts";
import { handlerOf } from "./handler.ts";
import { type Handler, type HttpReply, json } from "./http-message.ts";
import type { RequestContext } from "./request-context.ts";
import type { IssuerSettings } from "./settings.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { authenticatePod } from "./steps/authenticate-pod.ts";
import { authorizeAudience } from "./steps/authorize-audience.ts";
import { buildClaims } from "./steps/build-claims.ts";
import { checkSourceAddress, type SourceAddressCheck } from "./steps/check-source-address.ts";
import { enforceRateLimit, type RateLimits } from "./steps/enforce-rate-limit.ts";
import { parseTokenRequest } from "./steps/parse-token-request.ts";
import { recordIssuance } from "./steps/record-issuance.ts";
import { requireReady } from "./steps/require-ready.ts";
import { requireTenant } from "./steps/require-tenant.ts";
import { resolveIdentity } from "./steps/resolve-identity.ts";
import { signToken } from "./steps/sign-token.ts";
import type { VerifySubjectToken } from "./subject-token.ts";

export interface TokenEndpointOptions extends RefusalSinks, SourceAddressCheck {
  readonly cluster: ClusterState;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly issuer: string;
  readonly verify: VerifySubjectToken;
  readonly rateLimits: RateLimits;
  readonly settings: IssuerSettings;
  readonly signingKeys: SigningKeys;
  readonly randomId: () => string;
}

/** Its name in the audit trail. */
const TOKEN_ENDPOINT = "POST /oauth2/token";

/** What happens to a token request, from top to bottom. */
function tokenSteps(options: TokenEndpointOptions) {
  const { cluster } = options;
  return endpoint<RequestContext>(TOKEN_ENDPOINT)
    .step("require ready", requireReady(cluster))
    .step("require tenant", requireTenant)
    .step("parse token request", parseTokenRequest)
    .step("authenticate pod", authenticatePod(options))
    .step("check source address", checkSourceAddress(options))
    .step("enforce rate limit", enforceRateLimit(options.rateLimits))
    .step("resolve identity", resolveIdentity(cluster))
    .step("authorize audience", authorizeAudience(options))
    .step("build claims", buildClaims(options))
    .step("sign token", signToken(options.signingKeys))
    .step("record issuance", recordIssuance(TOKEN_ENDPOINT, options));
}

/** `POST /oauth2/token`. */
export function tokenEndpoint(options: TokenEndpointOptions): Handler {
  return handlerOf(tokenSteps(options), tokenReply, options);
}

/** RFC 8693 §2.2.1, RFC 6749 §5.1. `client_id` tells an application which identity it got when it named none. */
function tokenReply({
  accessToken,
  claims,
}: {
  readonly accessToken: string;
  readonly claims: TokenClaims;
}): HttpReply {
  const body = {
    access_token: accessToken,
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    token_type: "Bearer",
    expires_in: claims.exp - claims.iat,
    client_id: claims.client_id,
  };
  return json(200, body, { "cache-control": "no-store", pragma: "no-cache" });
}
