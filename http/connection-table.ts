export interface ConnectionCounts {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

/** What the table knows of one connection. */
export interface Connection {
  readonly address: string;
  /** Requests that wait for their reply. */
  readonly openRequests: () => number;
  /** Whether every open request arrived whole. */
  readonly isAnswering: () => boolean;
  readonly close: () => void;
}

/**
 * The open connections of one server. When there are too many, an idle one gives way, and a request that is still
 * arriving gives way next. A request that arrived whole is always answered.
 */
export class ConnectionTable {
  readonly #counts: ConnectionCounts;
  /** The connections of an address, the one that is idle for longest first. */
  readonly #byAddress = new Map<string, Set<Connection>>();
  #size = 0;

  constructor(counts: ConnectionCounts) {
    this.#counts = counts;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a connection and closes others to make room. False if all are in use: the caller closes the new one. */
  admit(connection: Connection): boolean {
    const own = this.#byAddress.get(connection.address);
    if (own !== undefined && own.size >= this.#counts.connectionsPerAddress && !this.#shed([own])) return false;
    if (this.#size >= this.#counts.connections && !this.#shed(this.#heaviestFirst())) return false;
    const connections = this.#byAddress.get(connection.address) ?? new Set();
    this.#byAddress.set(connection.address, connections.add(connection));
    this.#size += 1;
    return true;
  }

  /** Moves a connection that became idle behind the others of its address. */
  rest(connection: Connection): void {
    const connections = this.#byAddress.get(connection.address);
    if (connections?.delete(connection)) connections.add(connection);
  }

  delete(connection: Connection): void {
    const connections = this.#byAddress.get(connection.address);
    if (!connections?.delete(connection)) return;
    this.#size -= 1;
    if (connections.size === 0) this.#byAddress.delete(connection.address);
  }

  #shed(groups: readonly ReadonlySet<Connection>[]): boolean {
    const victim =
      firstOf(groups, (connection) => connection.openRequests() === 0) ??
      firstOf(groups, (connection) => !connection.isAnswering());
    if (victim === undefined) return false;
    this.delete(victim);
    victim.close();
    return true;
  }

  #heaviestFirst(): ReadonlySet<Connection>[] {
    return [...this.#byAddress.values()].sort((a, b) => b.size - a.size);
  }
}

function firstOf(
  groups: readonly ReadonlySet<Connection>[],
  fits: (connection: Connection) => boolean,
): Connection | undefined {
  for (const connections of groups) {
    for (const connection of connections) if (fits(connection)) return connection;
  }
  return undefined;
}
