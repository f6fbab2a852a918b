import type { ClusterState } from "../cluster-state.ts";
import { endpoint } from "../endpoint.ts";
import { handlerOf, type RefusalSinks } from "../handler.ts";
import { type Handler, type HttpReply, json } from "../http-message.ts";
import type { RequestContext } from "../request-context.ts";
import type { IssuerSettings } from "../settings.ts";
import { authenticateCaller, type CallerAuthentication } from "../steps/authenticate-caller.ts";
import { checkSourceAddress, type SourceAddressCheck } from "../steps/check-source-address.ts";
import { enforceRateLimit, type RateLimits } from "../steps/enforce-rate-limit.ts";
import { requireReady } from "../steps/require-ready.ts";
import { asksAboutItself, limitBySourceAddress, requireActive } from "./introspect-itself.ts";
import { type IntrospectionReply, introspectToken } from "./introspect-token.ts";
import { parseIntrospection } from "./parse-introspection.ts";
import { recordIntrospection } from "./record-introspection.ts";

export interface IntrospectionEndpointOptions extends CallerAuthentication, RefusalSinks, SourceAddressCheck {
  readonly cluster: ClusterState;
  readonly settings: IssuerSettings;
  readonly decisionLimits: RateLimits;
}

const NAME = "POST /introspect";

/** `POST /introspect` (RFC 7662). */
export function introspectionEndpoint(options: IntrospectionEndpointOptions): Handler {
  const byCaller = handlerOf(callerSteps(options), reply, options);
  const byItself = handlerOf(ownSteps(options), reply, options);
  return (request) => (asksAboutItself(request) ? byItself(request) : byCaller(request));
}

function callerSteps(options: IntrospectionEndpointOptions) {
  return endpoint<RequestContext>(NAME)
    .step("require ready", requireReady(options.cluster))
    .step("authenticate caller", authenticateCaller(options))
    .step("check source address", checkSourceAddress(options))
    .step("enforce rate limit", enforceRateLimit(options.decisionLimits))
    .step("parse introspection", parseIntrospection)
    .step("introspect token", introspectToken(options))
    .step("record introspection", recordIntrospection(NAME, options));
}

function ownSteps(options: IntrospectionEndpointOptions) {
  return endpoint<RequestContext>(NAME)
    .step("require ready", requireReady(options.cluster))
    .step("limit by source address", limitBySourceAddress(options.settings, options.clock))
    .step("parse introspection", parseIntrospection)
    .step("introspect token", introspectToken(options))
    .step("require active", requireActive)
    .step("record introspection", recordIntrospection(NAME, options));
}

function reply({ introspection }: { readonly introspection: IntrospectionReply }): HttpReply {
  return json(200, introspection, { "cache-control": "no-store" });
}
