import type { IncomingMessage, ServerResponse } from "node:http";
import { type Body, type BodyReading, withBody } from "../http/body.ts";
import { BodyBudget } from "../http/body-budget.ts";
import type { ErrorBody } from "../http/client-error.ts";
import type { Listener } from "../http/connections.ts";
import { httpLimits } from "../http/limits.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { normalAddress } from "../kube/source-address.ts";
import { randomTraceId, traceIdFrom } from "../kube/trace-id.ts";
import { vaultLimits } from "./limits.ts";
import { type VaultError, vaultErrors } from "./protocol/vault-error.ts";
import { errorReply } from "./vault-reply.ts";
import type { VaultReply, VaultRequest } from "./vault-request.ts";

/** JSON may write each byte of a value as six characters; the rest is room for tags. */
const BODY_BYTES = 6 * vaultLimits.valueBytes + 32 * 1024;

interface ListenerOptions {
  readonly handle: (request: VaultRequest) => Promise<VaultReply>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves the vault over node:https. Whatever comes in, one JSON reply goes out, and nothing that is thrown leaves the process. */
export function createListener({ handle, clock, log }: ListenerOptions): Listener {
  const reading: BodyReading = {
    clock,
    limits: { bytes: BODY_BYTES, milliseconds: httpLimits.bodyMs },
    budget: new BodyBudget(httpLimits.bodyBytesInFlight),
  };
  return (incoming, response) => {
    const traceId = traceIdFrom(incoming.headers.traceparent) ?? randomTraceId();
    withBody(incoming, reading, (body) =>
      body.kind === "read" ? handle(requestOf(incoming, body.text, traceId)) : errorReply(bodyError(body), traceId),
    )
      .then((reply) => send(response, reply))
      .catch((error: unknown) => {
        log.warn(
          { traceId, error: error instanceof Error ? error.message : "not an Error" },
          "No reply could be sent.",
        );
        response.destroy();
      });
  };
}

/** For a request that is not valid HTTP. */
export const vaultErrorBody: ErrorBody = ({ sentence }) =>
  errorReply(vaultErrors.BadParameter(sentence), randomTraceId()).body;

function bodyError(body: Exclude<Body, { kind: "read" }>): VaultError {
  switch (body.kind) {
    case "too large":
      return vaultErrors.RequestTooLarge(BODY_BYTES);
    case "too slow":
      return vaultErrors.RequestTimeout();
    case "too fragmented":
      return vaultErrors.RequestTooFragmented();
    case "busy":
      return vaultErrors.ServerBusy(body.retryAfterSeconds);
  }
}

function requestOf(incoming: IncomingMessage, body: string, traceId: string): VaultRequest {
  const { method = "", url = "", headers, headersDistinct, socket } = incoming;
  const [path = "", query = ""] = splitOnce(url, "?");
  return {
    ...{ method, path, query, host: headers.host, body, traceId },
    localPort: socket.localPort ?? 0,
    authorizations: headersDistinct.authorization ?? [],
    ifNoneMatch: headers["if-none-match"],
    sourceAddress: normalAddress(socket.remoteAddress ?? ""),
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function send(response: ServerResponse, { status, headers, body }: VaultReply): void {
  if (response.destroyed) return;
  const isEmpty = status === 204 || status === 304;
  const length = isEmpty ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length, "x-content-type-options": "nosniff" });
  response.end(isEmpty ? undefined : body);
}
