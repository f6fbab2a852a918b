import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Listener } from "../../http/connections.ts";
import { createPlainServer } from "../../http/server.ts";
import { oauthErrorBody } from "../../issuer/oauth-error.ts";
import { UsageError } from "../usage-error.ts";

export interface LoopbackServer {
  /** Answers requests from now on; until then each gets 503. */
  serve(listener: Listener): void;
  readonly port: number;
  close(): Promise<void>;
}

/** An HTTP server on this machine alone. Port 0 takes any that is free. */
export async function listenLoopback(port: number, option: string): Promise<LoopbackServer> {
  let current: Listener = (_request, response) => void response.writeHead(503).end();
  const server = createPlainServer({ errorBody: oauthErrorBody }, (request, response) => current(request, response));
  return {
    serve(listener) {
      current = listener;
    },
    ...(await listenOnLoopback(server, port, option)),
  };
}

/** Lets a server of any kind take connections from this machine alone. */
export async function listenOnLoopback(
  server: Server | TlsServer,
  port: number,
  option: string,
): Promise<Omit<LoopbackServer, "serve">> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, port, option)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What went wrong with a port, as the person who chose it by an option should hear it. */
export function portError(error: NodeJS.ErrnoException, port: number, option: string): Error {
  if (error.code === "ERR_SOCKET_BAD_PORT") {
    return new UsageError(`there is no port ${port}: each endpoint takes the next, so choose a lower ${option}`);
  }
  if (error.code === "EADDRINUSE") {
    return new UsageError(
      `port ${port} is in use by another program: choose another with ${option}, or leave it out for a free one`,
    );
  }
  if (error.code === "EACCES")
    return new UsageError(`port ${port} needs more rights than this user has: choose one above 1023`);
  return error;
}
