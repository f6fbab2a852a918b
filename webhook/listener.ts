import type { IncomingMessage, ServerResponse } from "node:http";
import { type Body, type BodyLimits, type BodyReading, withBody } from "../http/body.ts";
import { BodyBudget } from "../http/body-budget.ts";
import type { ErrorBody } from "../http/client-error.ts";
import { httpLimits } from "../http/limits.ts";
import { admissionReasons } from "../identity/admission-reasons.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { type AdmissionRequest, formatReview, parseReview, type ReviewLimits } from "./admission-review.ts";
import type { Decision } from "./decision.ts";
import { webhookLimits } from "./limits.ts";
import { messageText } from "./message-text.ts";
import { oneAtATime } from "./one-at-a-time.ts";

/** One admission request, answered: for metrics. */
export interface Observation {
  readonly operation: "inject" | "validate";
  readonly outcome: string;
  readonly seconds: number;
}

export interface Route {
  readonly operation: Observation["operation"];
  readonly limits: BodyLimits & ReviewLimits;
  /** Waited for before a decision. */
  readonly ready?: () => Promise<void>;
  readonly decide: (request: AdmissionRequest) => Decision;
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
  const inTurn = oneAtATime();
  const readingOf = bodyReader(clock);
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return send(response, refusal(404, `There is nothing at this path: ${listed(routes)}.`));
    if (request.method !== "POST") return send(response, refusal(405, "An AdmissionReview is sent by POST."));
    const start = clock.now();
    withBody(request, readingOf(request, route), (body) => answer({ request, body, route }, { inTurn, log }))
      .catch((error: unknown) => broken(error, log))
      .then((reply) => {
        observe({ operation: route.operation, outcome: reply.outcome, seconds: (clock.now() - start) / 1000 });
        send(response, reply);
      })
      .catch((err: unknown) => log.error({ err }, "The reply could not be sent."));
  };
}

/** Short reviews have a budget of their own: long ones that wait for their turn must not keep them out. */
function bodyReader(clock: Clock): (request: IncomingMessage, route: Route) => BodyReading {
  const { shortReviewBytes, shortReviewBytesInFlight } = webhookLimits;
  const short = new BodyBudget(shortReviewBytesInFlight);
  const long = new BodyBudget(httpLimits.bodyBytesInFlight);
  return ({ headers }, { limits }) => {
    const length = Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
    const isShort = length <= shortReviewBytes;
    return { clock, limits: isShort ? { ...limits, bytes: shortReviewBytes } : limits, budget: isShort ? short : long };
  };
}

interface Arrived {
  readonly request: IncomingMessage;
  readonly body: Body;
  readonly route: Route;
}

interface Answering extends Pick<ListenerOptions, "log"> {
  readonly inTurn: ReturnType<typeof oneAtATime>;
}

async function answer({ request, body, route }: Arrived, { inTurn, log }: Answering): Promise<Reply> {
  if (body.kind !== "read") return refuseBody(body, route.limits);
  await route.ready?.();
  const { text } = body;
  return text.length > webhookLimits.shortReviewBytes
    ? inTurn(() => (request.socket.destroyed ? abandoned() : review(text, route, log)))
    : review(text, route, log);
}

function refuseBody(body: Exclude<Body, { kind: "read" }>, { bytes }: BodyLimits): Reply {
  switch (body.kind) {
    case "too large":
      return tooLarge(`is larger than ${bytes} bytes`);
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

function review(text: string, route: Route, log: Log): Reply {
  const review = parseReview(text, route.limits);
  if (review.kind === "too large") return tooLarge(review.problem);
  if (review.kind === "unreadable") return refusal(400, review.message);
  const decision = decideSafely(route, review.request, log);
  if (decision.kind === "denied") logDenial(log, review.request, decision);
  return {
    httpStatus: 200,
    body: formatReview(review.request.uid, decision),
    outcome: decision.kind === "denied" ? "denied" : decision.outcome,
  };
}

/** An object that cannot be decided about is denied in words that reach its author, not by a broken reply. */
function decideSafely(route: Route, request: AdmissionRequest, log: Log): Decision {
  try {
    return route.decide(request);
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

const tooLarge = (problem: string): Reply => refusal(413, messageText(admissionReasons.ReviewTooLarge(problem)));

/** The API server has given up, so that nobody would read the reply. */
const abandoned = (): Reply => refusal(408, "The connection was closed before the review was decided.");

/** A Status, whose message the API server hands on to whoever sent the object. */
function refusal(httpStatus: number, message: string): Reply {
  const status = { apiVersion: "v1", kind: "Status", status: "Failure", code: httpStatus };
  return { httpStatus, body: { ...status, message }, outcome: "refused" };
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
