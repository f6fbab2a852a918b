import type { IncomingMessage, ServerResponse } from "node:http";
import { type Body, type BodyReading, withBody } from "../http/body.ts";
import { BodyBudget } from "../http/body-budget.ts";
import type { Listener } from "../http/connections.ts";
import { httpLimits } from "../http/limits.ts";
import { refusals } from "../identity/reasons.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { normalAddress } from "../kube/source-address.ts";
import type { TokenBuckets } from "../kube/token-bucket.ts";
import { randomTraceId, traceIdFrom } from "../kube/trace-id.ts";
import type { HttpReply, HttpRequest } from "./http-message.ts";
import { issuerLimits } from "./limits.ts";
import { errorReply } from "./oauth-error.ts";
import type { Observation, Observe } from "./observation.ts";
import { findRoute, type Route, type RouteMatch } from "./routes.ts";

export interface ListenerOptions {
  readonly routes: readonly Route[];
  readonly log: Log;
  readonly clock: Clock;
  readonly observe?: Observe;
  /** Requests of each source address. */
  readonly perAddress?: TokenBuckets;
  /** Addresses without that limit. */
  readonly isExempt?: (address: string) => boolean;
}

/** Serves routes over node:http. Whatever comes in, one JSON reply goes out, and nothing that is thrown leaves the process. */
export function createListener(options: ListenerOptions): Listener {
  const reading: BodyReading = {
    clock: options.clock,
    limits: { bytes: issuerLimits.requestBodyBytes, milliseconds: httpLimits.bodyMs },
    budget: new BodyBudget(httpLimits.bodyBytesInFlight),
  };
  return (request, response) => {
    const traceId = traceIdFrom(request.headers.traceparent) ?? randomTraceId();
    const match = findRoute(options.routes, request.method ?? "", pathOf(request.url ?? "/"));
    const startedAt = options.clock.now();
    answer(request, limited(request, options) ?? match, { traceId, reading })
      .catch((error: unknown) => internalError(error, traceId, options.log))
      .then((reply) => {
        options.observe?.(observationOf(match, reply, options.clock.now() - startedAt));
        send(response, reply);
      })
      .catch((error: unknown) => options.log.error({ traceId, error: text(error) }, "the reply could not be sent"));
  };
}

/** Before anything is read or looked up. */
function limited(request: IncomingMessage, { perAddress, isExempt }: ListenerOptions): RouteMatch | undefined {
  const address = normalAddress(request.socket.remoteAddress ?? "");
  if (perAddress === undefined || isExempt?.(address)) return undefined;
  const retryAfterSeconds = perAddress.take(address);
  return retryAfterSeconds === 0
    ? undefined
    : { kind: "refused", refusal: refusals.AddressLimited(retryAfterSeconds), retryAfterSeconds };
}

interface Answering {
  readonly traceId: string;
  readonly reading: BodyReading;
}

async function answer(request: IncomingMessage, match: RouteMatch, answering: Answering): Promise<HttpReply> {
  const { traceId, reading } = answering;
  if (match.kind === "refused") return refuse(match, traceId);
  const { accepts, handle } = match.route;
  if (accepts !== undefined && mediaType(request) !== accepts) {
    return errorReply(refusals.UnsupportedMediaType(accepts), traceId, closing);
  }
  return withBody(request, reading, (body) =>
    body.kind === "read" ? handle(requestOf(request, body.text, traceId)) : refuseBody(body, traceId),
  );
}

function requestOf(request: IncomingMessage, body: string, traceId: string): HttpRequest {
  return {
    method: request.method ?? "",
    path: pathOf(request.url ?? "/"),
    headers: request.headers,
    body,
    traceId,
    sourceAddress: normalAddress(request.socket.remoteAddress ?? ""),
  };
}

function refuseBody(body: Exclude<Body, { kind: "read" }>, traceId: string): HttpReply {
  switch (body.kind) {
    case "too large":
      return errorReply(refusals.BodyTooLarge(issuerLimits.requestBodyBytes), traceId, closing);
    case "too slow":
      return errorReply(refusals.BodyTooSlow(), traceId, closing);
    case "too fragmented":
      return errorReply(refusals.BodyTooFragmented(), traceId, closing);
    case "busy":
      return errorReply(refusals.ServerBusy(body.retryAfterSeconds), traceId, {
        ...closing,
        "retry-after": String(body.retryAfterSeconds),
      });
  }
}

function observationOf(match: RouteMatch, { reason }: HttpReply, milliseconds: number): Observation {
  const endpoint = match.kind === "found" ? match.route.name : "none";
  return { endpoint, outcome: reason ?? "answered", seconds: milliseconds / 1000 };
}

/** The rest of a body that was not read would be taken for the next request. */
const closing = { connection: "close" };

function refuse(match: Extract<RouteMatch, { kind: "refused" }>, traceId: string): HttpReply {
  const { refusal, allow, retryAfterSeconds } = match;
  return errorReply(refusal, traceId, {
    ...closing,
    ...(allow === undefined ? {} : { allow }),
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  });
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

function mediaType({ headers }: IncomingMessage): string | undefined {
  return headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
}

function send(response: ServerResponse, { status, headers, body }: HttpReply): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    ...(status === 304 ? {} : { "content-length": Buffer.byteLength(body) }),
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}

function internalError(error: unknown, traceId: string, log: Log): HttpReply {
  log.error({ traceId, error: text(error) }, "a request could not be decided");
  return errorReply(refusals.InternalError("see the error of this trace id"), traceId);
}

/** The stacks alone: an error of a library may carry the token that it was about in its other fields. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return "not an Error";
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${text(error.cause)}`;
}
