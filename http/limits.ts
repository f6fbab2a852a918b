const KiB = 1024;
const MiB = 1024 * KiB;

/** What every HTTP server of Lanyard bounds. A process passes its own numbers where its README or chart says so. */
export const httpLimits = {
  connections: 1_000,
  connectionsPerAddress: 500,
  handshakeMs: 10_000,
  headerBytes: 16 * KiB,
  headersMs: 10_000,
  requestMs: 20_000,
  bodyMs: 10_000,
  bodyBytesInFlight: 16 * MiB,
  idleConnectionMs: 75_000,
  silentConnectionMs: 60_000,
  requestsPerConnection: 10_000,
  concurrentRequestsPerConnection: 32,
} as const;

export const httpLimitTexts: Readonly<Record<keyof typeof httpLimits, string>> = {
  connections:
    "Open connections of one server. Beyond it the oldest idle connection of the address with the most connections is closed, so that a new client gets in. The chart values issuer.connections, webhook.connections and vault.connections change it.",
  connectionsPerAddress:
    "Open connections from one source address. Beyond it the oldest idle connection of that address is closed; a new connection is refused only if all are in use. The same chart values change it.",
  handshakeMs: "Time from the TCP connection to the end of the TLS handshake. A slower connection is closed.",
  headerBytes: "Size of a request's headers. A larger request gets status 431.",
  headersMs: "Time for the headers of a request to arrive. A slower request gets status 408.",
  requestMs: "Time for a whole request to arrive. A slower request gets status 408.",
  bodyMs: "Time for a request body to arrive. A slower request gets status 408.",
  bodyBytesInFlight:
    "Bytes of request bodies that a process holds at a time. Beyond it the address that holds most gives way: its oldest unfinished request gets status 503 with Retry-After.",
  idleConnectionMs: "Time that a connection stays open between two requests. The server then closes it.",
  silentConnectionMs: "Time in which a connection must carry a byte while a request is open. A silent one is closed.",
  requestsPerConnection: "Requests on one connection. The reply to the last one closes the connection.",
  concurrentRequestsPerConnection:
    "Requests on one connection that wait for their reply (pipelining). A connection with more is closed.",
};
