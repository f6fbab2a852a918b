import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createHttpsServer, type Server as TlsServer } from "node:https";
import type { SecureContext, TlsOptions } from "node:tls";
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

/** A server with a certificate for each name that clients ask for (RFC 6066 §3). */
export interface NamedServing extends Serving {
  /** Undefined for an unknown name: the client then gets the certificate that is for every name. */
  readonly certificateFor?: ((serverName: string) => SecureContext | undefined) | undefined;
}

/** An HTTP server that is not listening yet. */
export function createPlainServer(serving: Serving, listener: Listener): Server {
  const limits = limitsOf(serving);
  return prepared(createServer(optionsOf(limits)), { ...serving, limits, listener });
}

/** An HTTPS server that is not listening yet; `useCertificate` changes its certificate for new connections. */
export function createTlsServer(
  certificate: ServingCertificate,
  { certificateFor, ...serving }: NamedServing,
  listener: Listener,
): TlsServer {
  const limits = limitsOf(serving);
  const byName: Pick<TlsOptions, "SNICallback"> =
    certificateFor === undefined ? {} : { SNICallback: (name, use) => use(null, certificateFor(name)) };
  const server = createHttpsServer({ ...optionsOf(limits), ...secureContext(certificate), ...byName });
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
