import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { type BodyLimits, readBody } from "../kube/request-body.ts";
import { normalAddress } from "../kube/source-address.ts";
import { randomTraceId, traceIdFrom } from "../kube/trace-id.ts";
import { VaultError, vaultErrors } from "./protocol/vault-error.ts";
import { secretLimits } from "./secret/secret-limits.ts";
import { errorReply } from "./vault-reply.ts";
import type { VaultReply, VaultRequest } from "./vault-request.ts";

/** JSON may write each byte of a value as six characters; the rest is room for tags. */
const bodyLimits: BodyLimits = { bytes: 6 * secretLimits.valueBytes + 32 * 1024, milliseconds: 10_000 };

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface ListenerOptions {
  readonly handle: (request: VaultRequest) => Promise<VaultReply>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves the vault over node:https. Whatever comes in, one JSON reply goes out, and nothing that is thrown leaves the process. */
export function createListener({ handle, clock, log }: ListenerOptions): Listener {
  return (incoming, response) => {
    const traceId = traceIdFrom(incoming.headers.traceparent) ?? randomTraceId();
    readRequest(incoming, traceId, clock)
      .then((request) => (request instanceof VaultError ? errorReply(request, traceId) : handle(request)))
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

async function readRequest(
  incoming: IncomingMessage,
  traceId: string,
  clock: Clock,
): Promise<VaultRequest | VaultError> {
  const body = await readBody(incoming, clock, bodyLimits);
  if (body.kind === "too large") return vaultErrors.RequestTooLarge(bodyLimits.bytes);
  if (body.kind === "too slow") return vaultErrors.RequestTimeout();
  const { method = "", url = "", headers, headersDistinct, socket } = incoming;
  const [path = "", query = ""] = splitOnce(url, "?");
  return {
    ...{ method, path, query, host: headers.host, body: body.text, traceId },
    localPort: socket.localPort ?? 0,
    authorizations: headersDistinct.authorization ?? [],
    sourceAddress: normalAddress(socket.remoteAddress ?? ""),
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function send(response: ServerResponse, { status, headers, body }: VaultReply): void {
  if (response.destroyed) return;
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length, "x-content-type-options": "nosniff" });
  response.end(status === 204 ? undefined : body);
}
