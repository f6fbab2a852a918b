import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { sidecarLimits } from "./limits.ts";
import { oauthError } from "./oauth-error.ts";
import { type Refusal, refusals } from "./refusals.ts";
import { refusalHeaders, refusalReply } from "./reply.ts";

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

type Handle = (request: Request) => Response | Promise<Response>;

const LIMITS = {
  maxHeaderSize: sidecarLimits.requestHeaderBytes,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
} as const;

/** Serves a handler with node:http; where Node itself would answer without a body, this answers in JSON. */
export async function listen(handle: Handle, options: ListenOptions): Promise<Listener> {
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void serve(handle, incoming, outgoing);
  const server = createServer({ ...LIMITS, requireHostHeader: false }, answer);
  server.on("checkExpectation", answer);
  server.on("connect", (_request, socket) => refuseOn(socket, refusals.MethodNotAllowed()));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) =>
    refuseOn(socket, error.code === "HPE_HEADER_OVERFLOW" ? refusals.HeadersTooLarge() : malformed()),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", () => resolve(portOf(server.address())));
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = toRequest(incoming);
  const reply = request instanceof Request ? await handle(request) : refusalReply(request, bodyOf(request));
  const body = Buffer.from(await reply.arrayBuffer());
  outgoing.writeHead(reply.status, { ...Object.fromEntries(reply.headers), "content-length": body.length });
  outgoing.end(body);
}

/** Bodies are left unread: no request of any dialect has one that counts. */
function toRequest({ method = "GET", url = "/", headers, headersDistinct }: IncomingMessage): Request | Refusal {
  const target = url.startsWith("/") ? `http://127.0.0.1${url}` : url;
  // RFC 9112 §3.2 wants one Host. Node keeps the first of several, and the target above stands for none.
  const all = { ...headers, host: headersDistinct.host?.join(", ") ?? "" };
  const entries = Object.entries(all).map(([name, value]): [string, string] => [name, String(value)]);
  try {
    return new Request(target, { method, headers: entries });
  } catch {
    // The fetch standard forbids methods that HTTP allows, such as TRACE, and a target that is no URL.
    return method === "GET" ? malformed() : refusals.MethodNotAllowed();
  }
}

function malformed(): Refusal {
  return refusals.InvalidRequest("The request is not well-formed HTTP.");
}

function refuseOn(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return;
  const body = bodyOf(refusal);
  const headers = {
    ...refusalHeaders(refusal),
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join("")}\r\n${body}`);
}

function bodyOf(refusal: Refusal): string {
  return oauthError(refusal, crypto.randomUUID());
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
