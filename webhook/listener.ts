import type { IncomingMessage, ServerResponse } from "node:http";
import { type Body, type BodyLimits, type BodyReading, withBody } from "../http/body.ts";
import { BodyBudget } from "../http/body-budget.ts";
import type { ErrorBody } from "../http/client-error.ts";
import { httpLimits } from "../http/limits.ts";
import { admissionReasons } from "../identity/admission-reasons.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { type AdmissionRequest, formatReview, parseReview } from "./admission-review.ts";
import type { Decision } from "./decision.ts";

/**
 * An API server takes requests of 3 MiB, and an update is reviewed with the object as it was. It waits for a webhook
 * no longer than this.
 */
export const bodyLimits: BodyLimits = { bytes: 8 * 1024 * 1024, milliseconds: 5_000 };

/** One admission request, answered: for metrics. */
export interface Observation {
  readonly operation: "inject" | "validate";
  readonly outcome: string;
  readonly seconds: number;
}

export interface Route {
  readonly operation: Observation["operation"];
  readonly decide: (request: AdmissionRequest) => Decision | Promise<Decision>;
}

export interface ListenerOptions {
  readonly routes: Readonly<Record<string, Route>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly observe: (observation: Observation) => void;
}

interface Reply {
  readonly httpStatus: number;
  readonly body: object;
  readonly outcome: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves admission reviews over node:http. Whatever comes in, one JSON reply goes out, and nothing that is thrown leaves. */
export function createListener(options: ListenerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { routes, clock, log, observe } = options;
  const reading: BodyReading = { clock, limits: bodyLimits, budget: new BodyBudget(httpLimits.bodyBytesInFlight) };
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return send(response, refusal(404, `There is nothing at this path: ${listed(routes)}.`));
    if (request.method !== "POST") return send(response, refusal(405, "An AdmissionReview is sent by POST."));
    const start = clock.now();
    withBody(request, reading, (body) => answer(body, route, log))
      .catch((error: unknown) => broken(error, log))
      .then((reply) => {
        observe({ operation: route.operation, outcome: reply.outcome, seconds: (clock.now() - start) / 1000 });
        send(response, reply);
      })
      .catch((err: unknown) => log.error({ err }, "The reply could not be sent."));
  };
}

async function answer(body: Body, route: Route, log: Log): Promise<Reply> {
  if (body.kind !== "read") return refuseBody(body);
  const review = parseReview(body.text);
  if (review.kind === "unreadable") return refusal(400, review.message);
  const decision = await decideSafely(route, review.request, log);
  if (decision.kind === "denied") logDenial(log, review.request, decision);
  return {
    httpStatus: 200,
    body: formatReview(review.request.uid, decision),
    outcome: decision.kind === "denied" ? "denied" : decision.outcome,
  };
}

function refuseBody(body: Exclude<Body, { kind: "read" }>): Reply {
  switch (body.kind) {
    case "too large":
      return refusal(413, `The body is larger than ${bodyLimits.bytes} bytes: send a smaller object.`);
    case "too slow":
      return refusal(408, "The body did not arrive in time: send the request again.");
    case "too fragmented":
      return refusal(400, "The body arrived in thousands of tiny chunks: send it with Content-Length.");
    case "busy": {
      const reply = refusal(503, "The webhook reads too many request bodies now: send the request again.");
      return { ...reply, headers: { "retry-after": String(body.retryAfterSeconds) } };
    }
  }
}

/** For a request that is not valid HTTP. */
export const webhookErrorBody: ErrorBody = ({ sentence }) => JSON.stringify({ message: sentence });

/** An object that cannot be decided about is denied in words that reach its author, not by a broken reply. */
async function decideSafely(route: Route, request: AdmissionRequest, log: Log): Promise<Decision> {
  try {
    return await route.decide(request);
  } catch (err) {
    log.error({ err }, "An admission request could not be decided.");
    return { kind: "denied", reason: admissionReasons.WebhookFailed(), httpStatus: 500 };
  }
}

function logDenial(log: Log, request: AdmissionRequest, { reason }: Extract<Decision, { kind: "denied" }>): void {
  const { kind, namespace, name } = request;
  log.warn({ code: reason.code, kind: kind.kind, namespace, name, reason: reason.sentence }, "An object was denied.");
}

function broken(err: unknown, log: Log): Reply {
  log.warn({ err }, "A request ended before its body did.");
  return refusal(400, "The body did not arrive whole: send the request again.");
}

function refusal(httpStatus: number, message: string): Reply {
  return { httpStatus, body: { message }, outcome: "refused" };
}

const listed = (routes: ListenerOptions["routes"]): string => Object.keys(routes).join(" and ");

function send(response: ServerResponse, { httpStatus, body, headers = {} }: Reply): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(httpStatus, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    // What was not read of a body would be taken for the next request.
    ...(httpStatus === 200 ? {} : { connection: "close" }),
  });
  response.end(text);
}
