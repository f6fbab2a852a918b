import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createHttpsServer, type Server as TlsServer } from "node:https";
import { type Clock, systemClock } from "../kube/clock.ts";
import type { ServingCertificate } from "../kube/serving-certificate.ts";
import { answerClientError, type ErrorBody } from "./client-error.ts";
import { guardConnections, type Listener } from "./connections.ts";
import { httpLimits } from "./limits.ts";

/** What a server may bound otherwise than `httpLimits` says. */
export type ServerLimits = { readonly [Name in keyof typeof httpLimits]: number };

export interface Serving {
  /** How this server's protocol says that a request is not valid HTTP. */
  readonly errorBody: ErrorBody;
  readonly limits?: Partial<ServerLimits>;
  readonly clock?: Clock;
}

/** An HTTP server that is not listening yet. */
export function createPlainServer(serving: Serving, listener: Listener): Server {
  const limits = limitsOf(serving);
  return prepared(createServer(optionsOf(limits)), { ...serving, limits, listener });
}

/** An HTTPS server that is not listening yet; `useCertificate` changes its certificate for new connections. */
export function createTlsServer(certificate: ServingCertificate, serving: Serving, listener: Listener): TlsServer {
  const limits = limitsOf(serving);
  const server = createHttpsServer({ ...optionsOf(limits), ...secureContext(certificate) });
  return prepared(server, { ...serving, limits, listener }).on("tlsClientError", (_, socket) => socket.destroy());
}

export function useCertificate(server: TlsServer, certificate: ServingCertificate): void {
  server.setSecureContext(secureContext(certificate));
}

interface Prepared extends Serving {
  readonly limits: ServerLimits;
  readonly listener: Listener;
}

function prepared<S extends Server | TlsServer>(server: S, serving: Prepared): S {
  const { limits, listener, errorBody, clock = systemClock } = serving;
  server.timeout = limits.silentConnectionMs;
  server.on("clientError", answerClientError(errorBody));
  guardConnections(server, { limits, clock, listener });
  return server;
}

const limitsOf = ({ limits }: Serving): ServerLimits => ({ ...httpLimits, ...limits });

/** https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
function optionsOf(limits: ServerLimits) {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleConnectionMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMs),
    handshakeTimeout: limits.handshakeMs,
  } satisfies ServerOptions & { handshakeTimeout: number };
}

function secureContext({ cert, key }: ServingCertificate) {
  return { cert, key, minVersion: "TLSv1.2" } as const;
}
