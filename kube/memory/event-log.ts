import type { Kind } from "../kind.ts";
import type { StoredObject } from "./stored-object.ts";

export interface LogEntry {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: Kind;
  readonly object: StoredObject;
}

/** An API server never says 0: there it means "whatever you have". */
const FIRST_VERSION = 1;

/**
 * What happened, one entry a resourceVersion, as far back as `limit` entries. All watches read from it, each at its own
 * pace, so that a slow one costs nothing.
 */
export class EventLog {
  readonly limit: number;
  #entries: LogEntry[] = [];
  #version = FIRST_VERSION;
  readonly #listeners = new Set<() => void>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The version of the last entry. */
  get version(): number {
    return this.#version;
  }

  /** The oldest version from which a watch can go on. */
  get oldest(): number {
    return this.#version - Math.min(this.#entries.length, this.limit);
  }

  append(entry: Omit<LogEntry, "version">): void {
    this.#version++;
    this.#entries.push({ ...entry, version: this.#version });
    if (this.#entries.length >= 2 * this.limit) this.#entries = this.#entries.slice(-this.limit);
    for (const listener of [...this.#listeners]) listener();
  }

  /** The entry after a version, if there is one yet. */
  after(version: number): LogEntry | undefined {
    return this.#entries[this.#entries.length - (this.#version - version)];
  }

  /** Fulfilled at the next entry, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#listeners.delete(finish);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      this.#listeners.add(finish);
      signal.addEventListener("abort", finish, { once: true });
      if (signal.aborted) finish();
    });
  }
}
