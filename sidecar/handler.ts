import { BoundedMap } from "./bounded-map.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Dialect, Endpoint, Rule } from "./dialect.ts";
import { azureAppService } from "./dialects/azure-app-service.ts";
import { azureImds } from "./dialects/azure-imds.ts";
import { plain } from "./dialects/plain.ts";
import { IssuerGate } from "./issuer-gate.ts";
import type { IssuerClient } from "./issuer-reply.ts";
import { defaultLimits, type Limits, sidecarLimits } from "./limits.ts";
import { oauthError } from "./oauth-error.ts";
import { RateLimit } from "./rate-limit.ts";
import { type Refusal, refusals } from "./refusals.ts";
import { okReply, refusalReply } from "./reply.ts";
import { everyRequest } from "./request-origin.ts";
import { type Route, routeOf } from "./route.ts";
import { type Token, type TokenQuery, tokenQuery } from "./token.ts";
import { type Outcome, TokenCache } from "./token-cache.ts";
import { type Waiting, waitingBecause, waitingForIdentity } from "./waiting.ts";

export interface HandlerOptions {
  readonly dialects?: readonly Dialect[];
  /** The value that the application finds in IDENTITY_HEADER; never empty. */
  readonly endpointHeader: string;
  readonly tenantId?: string;
  readonly issuer: IssuerClient;
  readonly clock?: Clock;
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly newTraceId?: () => string;
  readonly limits?: Partial<Limits>;
  /** Told of every request that got no token. */
  readonly onRefusal?: (refused: RefusedRequest) => void;
}

export interface RefusedRequest {
  readonly dialect: string;
  readonly refusal: Refusal;
  readonly traceId: string;
  /** Missing when the request was refused before it was understood. */
  readonly audience?: string;
}

export interface Handler {
  /** Never throws or rejects; every reply is JSON. A reply from memory is no promise: waiting for one costs a third more. */
  handle(request: Request): Response | Promise<Response>;
  /** Fetches a token ahead of the first request for it; says why when there is none to be had now. */
  prefetch(audience: string): Promise<Waiting | undefined>;
  /** A token for a call that this process makes itself, of a target that asks the issuer whether it is still good. */
  tokenFor(audience: string, from: "memory" | "issuer"): Promise<Outcome>;
  /** Asks the issuer whether this pod may use any identity; says why when it may not, or not yet. */
  checkIdentities(): Promise<Waiting | undefined>;
  stop(): void;
}

export const allDialects: readonly Dialect[] = [azureImds, azureAppService, plain];

/** The token endpoint as a function of a request, with its cache behind it. */
export function createHandler(options: HandlerOptions): Handler {
  const { clock = systemClock, random = Math.random, dialects = allDialects } = options;
  const newTraceId = options.newTraceId ?? (() => crypto.randomUUID());
  const limits = { ...defaultLimits, ...options.limits };
  const endpoint: Endpoint =
    options.tenantId === undefined
      ? { header: options.endpointHeader }
      : { header: options.endpointHeader, tenantId: options.tenantId };
  const issuer = new IssuerGate(options.issuer, {
    clock,
    simultaneous: limits.simultaneousIssuerCalls,
    perSecond: limits.issuerCallsPerSecond,
  });
  const cache = new TokenCache({ issuer, clock, random, limits });
  const bypasses = new RateLimit(limits.bypassesPerSecond);
  const routes = new BoundedMap<Route>(sidecarLimits.keptUrls);

  function routeFor(url: string): Route {
    const known = routes.get(url);
    if (known !== undefined) return known;
    const route = routeOf(url, dialects, endpoint);
    if (route.asked.kind === "token") routes.set(url, route);
    return route;
  }

  function answer(request: Request): Response | Promise<Response> {
    const route = routeFor(request.url);
    const refusal = firstRefusal(route.dialect, request, endpoint);
    if (refusal !== undefined) return refuse(route, refusal);
    const { asked } = route;
    if (asked.kind === "refused") return refuse(route, asked.refusal);
    if (asked.kind === "document") return okReply(asked.body);
    const outcome = asked.from === "cache" ? cache.get(asked.query) : freshToken(asked.query);
    return outcome instanceof Promise
      ? outcome.then((settled) => reply(route, asked.query, settled))
      : reply(route, asked.query, outcome);
  }

  function freshToken(query: TokenQuery): Outcome | Promise<Outcome> {
    if (bypasses.take(clock.now())) return cache.getFresh(query);
    return { kind: "refused", refusal: refusals.RateLimited(1) };
  }

  function reply(route: Route, query: TokenQuery, outcome: Outcome): Response {
    return outcome.kind === "token"
      ? okReply(tokenBody(route, query, outcome.token))
      : refuse(route, outcome.refusal, query.audience);
  }

  function tokenBody(route: Route, query: TokenQuery, token: Token): string {
    const second = Math.floor(clock.now() / 1000);
    const last = route.reply;
    if (last !== undefined && last.second === second && last.token === token) return last.body;
    const body = route.dialect.formatToken(token, query, second);
    route.reply = { token, second, body };
    return body;
  }

  function refuse({ dialect }: Route, refusal: Refusal, audience?: string): Response {
    const traceId = refusal.traceId ?? newTraceId();
    const refused = { dialect: dialect.name, refusal, traceId };
    options.onRefusal?.(audience === undefined ? refused : { ...refused, audience });
    return refusalReply(refusal, dialect.formatRefusal(refusal, traceId));
  }

  function failed(): Response {
    const refusal = refusals.InternalError();
    return refusalReply(refusal, oauthError(refusal, newTraceId()));
  }

  return {
    handle(request) {
      try {
        const answered = answer(request);
        return answered instanceof Promise ? answered.catch(failed) : answered;
      } catch {
        return failed();
      }
    },
    async prefetch(audience) {
      const outcome = await cache.get(tokenQuery(audience, { by: "default" }));
      return outcome.kind === "token" ? undefined : waitingBecause(outcome.refusal, issuer.failure);
    },
    async tokenFor(audience, from) {
      const query = tokenQuery(audience, { by: "default" });
      return from === "memory" ? cache.get(query, "by target") : cache.getFresh(query);
    },
    checkIdentities: async () => waitingForIdentity(await issuer.checkIdentities()),
    stop: () => cache.stop(),
  };
}

function firstRefusal(dialect: Dialect, request: Request, endpoint: Endpoint): Refusal | undefined {
  return brokenRule(everyRequest, request, endpoint) ?? brokenRule(dialect.rules, request, endpoint);
}

function brokenRule(rules: readonly Rule[], request: Request, endpoint: Endpoint): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(request, endpoint);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
