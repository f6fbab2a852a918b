import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { answerClientError, serverLimits } from "../../issuer/server-limits.ts";
import type { ServingCertificate } from "../../kube/serving-certificate.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTPS server that is not listening yet; `useCertificate` changes its certificate for the connections to come. */
export function createTlsServer(certificate: ServingCertificate, listener: Listener): Server {
  const server = createServer({ ...serverLimits, ...secureContext(certificate) }, listener);
  return server.on("clientError", answerClientError).on("tlsClientError", (_, socket) => socket.destroy());
}

export function useCertificate(server: Server, certificate: ServingCertificate): void {
  server.setSecureContext(secureContext(certificate));
}

function secureContext({ cert, key }: ServingCertificate) {
  return { cert, key, minVersion: "TLSv1.2" } as const;
}
