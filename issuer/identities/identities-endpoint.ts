import type { ClusterState } from "../cluster-state.ts";
import { endpoint } from "../endpoint.ts";
import { handlerOf, type RefusalSinks } from "../handler.ts";
import { type Handler, json } from "../http-message.ts";
import type { RequestContext } from "../request-context.ts";
import { authenticatePod, type PodAuthentication } from "../steps/authenticate-pod.ts";
import { checkSourceAddress, type SourceAddressCheck } from "../steps/check-source-address.ts";
import { enforceRateLimit, type RateLimits } from "../steps/enforce-rate-limit.ts";
import { requireReady } from "../steps/require-ready.ts";
import { listIdentities } from "./list-identities.ts";
import { parseBearer } from "./parse-bearer.ts";

export interface IdentitiesEndpointOptions extends PodAuthentication, RefusalSinks, SourceAddressCheck {
  readonly cluster: ClusterState;
  readonly rateLimits: RateLimits;
}

/** `GET /identities`: which identities the pod that asks may use. Its start waits for the first answer with one. */
export function identitiesEndpoint(options: IdentitiesEndpointOptions): Handler {
  const { cluster } = options;
  const steps = endpoint<RequestContext>("GET /identities")
    .step("require ready", requireReady(cluster))
    .step("parse bearer token", parseBearer)
    .step("authenticate pod", authenticatePod(options))
    .step("check source address", checkSourceAddress(options))
    .step("enforce rate limit", enforceRateLimit(options.rateLimits))
    .step("list identities", listIdentities(cluster));
  return handlerOf(steps, ({ identities }) => json(200, { identities }, { "cache-control": "no-store" }), options);
}
