import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../kube/clock.ts";
import { normalAddress } from "../kube/source-address.ts";
import { type Connection, type ConnectionCounts, ConnectionTable } from "./connection-table.ts";

export interface ConnectionLimits extends ConnectionCounts {
  readonly handshakeMs: number;
  readonly requestsPerConnection: number;
  readonly concurrentRequestsPerConnection: number;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface Guarding {
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  /** Called for the requests of connections that are still open. */
  readonly listener: Listener;
}

type Accept = (this: Server | TlsServer, socket: Socket) => void;

/** Bounds the connections of a server that is not listening yet, from the first TCP packet on. */
export function guardConnections(server: Server | TlsServer, { limits, clock, listener }: Guarding): void {
  const table = new ConnectionTable(limits);
  const guarded = new WeakMap<Socket, GuardedConnection>();
  const byPeer = new Map<string, GuardedConnection>();
  const isTls = "setSecureContext" in server;

  // Node's own listener starts TLS or HTTP on the socket. It runs for admitted connections only.
  const accept = server.listeners("connection") as Accept[];
  server.removeAllListeners("connection").on("connection", (socket: Socket) => {
    const connection = new GuardedConnection(socket);
    if (!table.admit(connection)) return void socket.destroy();
    guarded.set(socket, connection);
    const peer = peerOf(socket);
    byPeer.set(peer, connection);
    const cancel = isTls ? clock.after(limits.handshakeMs, () => connection.closeIfInsecure()) : () => {};
    socket.once("close", () => {
      cancel();
      table.delete(connection);
      byPeer.delete(peer);
    });
    connection.onSecure = cancel;
    for (const start of accept) start.call(server, socket);
  });
  // Before Node's own listener starts HTTP on it.
  server.prependListener("secureConnection", (socket: TLSSocket) => {
    const connection = byPeer.get(peerOf(socket));
    if (connection === undefined) return void socket.destroy();
    guarded.set(socket, connection);
    connection.secure(socket);
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const connection = guarded.get(request.socket);
    // Node goes on to parse what arrived before its socket was destroyed.
    if (connection === undefined || request.socket.destroyed) return;
    // Node's own maxRequestsPerSocket says so too, but leaves the connection open.
    if (connection.begin(request) >= limits.requestsPerConnection) response.setHeader("connection", "close");
    response.once("close", () => {
      connection.end(request);
      if (connection.openRequests() === 0) table.rest(connection);
    });
    if (connection.openRequests() > limits.concurrentRequestsPerConnection) connection.close();
    else listener(request, response);
  });
}

class GuardedConnection implements Connection {
  readonly address: string;
  onSecure: () => void = () => {};
  #socket: Socket;
  #isSecure = false;
  #begun = 0;
  readonly #requests = new Set<IncomingMessage>();

  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = normalAddress(socket.remoteAddress ?? "");
  }

  secure(socket: TLSSocket): void {
    this.#isSecure = true;
    this.#socket = socket;
    this.onSecure();
  }

  closeIfInsecure(): void {
    if (!this.#isSecure) this.close();
  }

  /** Returns the number of requests so far. */
  begin(request: IncomingMessage): number {
    this.#requests.add(request);
    this.#begun += 1;
    return this.#begun;
  }

  end(request: IncomingMessage): void {
    this.#requests.delete(request);
  }

  readonly openRequests = (): number => this.#requests.size;
  readonly isAnswering = (): boolean => [...this.#requests].every(({ complete }) => complete);
  readonly close = (): void => void this.#socket.destroy();
}

/** The same for a TLS socket and the TCP socket below it, and for no other open connection of the server. */
const peerOf = ({ remoteAddress = "", remotePort = 0, localAddress = "" }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
