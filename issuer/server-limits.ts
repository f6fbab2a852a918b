import type { ServerOptions } from "node:http";
import type { Duplex } from "node:stream";
import { refusals } from "../identity/reasons.ts";
import type { BodyLimits } from "../kube/request-body.ts";
import { randomTraceId } from "../kube/trace-id.ts";
import { errorReply } from "./oauth-error.ts";

/** For http.createServer and https.createServer: what node:http itself has to bound, before a listener sees a request. */
export const serverLimits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
} as const satisfies ServerOptions;

export const bodyLimits: BodyLimits = { bytes: 64 * 1024, milliseconds: 10_000 };

/** For the server's `clientError` event: what is not HTTP, or too much of it, gets a JSON error too. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const sentence = "The request is not HTTP that this server takes: send a well-formed one with smaller headers.";
  const { body } = errorReply(refusals.InvalidRequest(sentence), randomTraceId());
  const head = `HTTP/1.1 ${statusLine(error.code)}\r\ncontent-type: application/json\r\nconnection: close`;
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function statusLine(code: string | undefined): string {
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
}
