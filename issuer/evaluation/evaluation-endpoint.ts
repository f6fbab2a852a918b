import type { ClusterState } from "../cluster-state.ts";
import { endpoint, type Step } from "../endpoint.ts";
import { handlerOf, type RefusalSinks } from "../handler.ts";
import { type Handler, json } from "../http-message.ts";
import type { RequestContext } from "../request-context.ts";
import type { IssuerSettings } from "../settings.ts";
import { authenticateCaller, type CallerAuthentication } from "../steps/authenticate-caller.ts";
import { checkSourceAddress, type SourceAddressCheck } from "../steps/check-source-address.ts";
import { enforceRateLimit, type RateLimits } from "../steps/enforce-rate-limit.ts";
import { requireReady } from "../steps/require-ready.ts";
import { chargeBatch } from "./charge-batch.ts";
import { evaluateAll } from "./evaluate-all.ts";
import { type ParsedEvaluation, parseEvaluation, parseEvaluations } from "./parse-evaluation.ts";
import { recordDecisions } from "./record-decisions.ts";

export interface EvaluationEndpointOptions extends CallerAuthentication, RefusalSinks, SourceAddressCheck {
  readonly cluster: ClusterState;
  readonly settings: IssuerSettings;
  readonly decisionLimits: RateLimits;
}

/** `POST /access/v1/evaluation` (OpenID AuthZEN Authorization API 1.0 §6). */
export function evaluationEndpoint(options: EvaluationEndpointOptions): Handler {
  return decisionEndpoint("POST /access/v1/evaluation", parseEvaluation, options);
}

/** `POST /access/v1/evaluations` (§7). */
export function evaluationsEndpoint(options: EvaluationEndpointOptions): Handler {
  return decisionEndpoint("POST /access/v1/evaluations", parseEvaluations, options);
}

function decisionEndpoint(
  name: string,
  parse: Step<RequestContext, ParsedEvaluation>,
  options: EvaluationEndpointOptions,
): Handler {
  const steps = endpoint<RequestContext>(name)
    .step("require ready", requireReady(options.cluster))
    .step("authenticate caller", authenticateCaller(options))
    .step("check source address", checkSourceAddress(options))
    .step("enforce rate limit", enforceRateLimit(options.decisionLimits, options.settings.decisionNamespaces))
    .step("parse evaluation", parse)
    .step("charge batch", chargeBatch)
    .step("evaluate", evaluateAll(options))
    .step("record decisions", recordDecisions(name, options));
  return handlerOf(
    steps,
    ({ batch, decisions, request }) => {
      const body = batch === undefined ? (decisions[0] ?? {}) : { evaluations: decisions };
      return json(200, body, { "cache-control": "no-store", ...requestId(request.headers["x-request-id"]) });
    },
    options,
  );
}

/** AuthZEN §10.1.2: a request's id comes back with its reply. */
function requestId(given: string | string[] | undefined): Record<string, string> {
  return typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given) ? { "x-request-id": given } : {};
}
