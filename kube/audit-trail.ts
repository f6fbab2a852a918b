import type { Clock } from "./clock.ts";

/** An event that may stand for later ones which are equal to it but for their time. */
interface Repeatable {
  /** RFC 3339. */
  readonly time: string;
  readonly count?: number | undefined;
  readonly since?: string | undefined;
}

interface Window<Entry> {
  readonly since: string;
  readonly endsAt: number;
  last: Entry;
  count: number;
}

const WINDOW_MS = 60_000;
const MOST_WINDOWS = 10_000;

/**
 * Writes the first of equal events at once, and the number of the others a minute later: the trail of a service that asks
 * a thousand times a second grows by two records a minute. What is kept meanwhile is bounded; the oldest is written early.
 */
export class AuditTrail<Entry extends Repeatable> {
  readonly #write: (entry: Entry) => void;
  readonly #clock: Clock;
  /** In the order in which they end, since all are equally long. */
  readonly #windows = new Map<string, Window<Entry>>();
  #cancel: (() => void) | undefined;

  constructor(write: (entry: Entry) => void, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  /** Events with the same key are equal; one without a key is always written by itself. */
  record(entry: Entry, key: string | undefined): void {
    const window = key === undefined ? undefined : this.#windows.get(key);
    if (window !== undefined) {
      window.last = entry;
      window.count += 1;
      return;
    }
    this.#write(entry);
    if (key === undefined) return;
    this.#windows.set(key, { since: entry.time, endsAt: this.#clock.now() + WINDOW_MS, last: entry, count: 0 });
    if (this.#windows.size > MOST_WINDOWS) this.#closeOldest();
    this.#schedule();
  }

  /** Writes what is still counted. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#windows.size > 0) this.#closeOldest();
  }

  #schedule(): void {
    const [first] = this.#windows.values();
    if (this.#cancel !== undefined || first === undefined) return;
    this.#cancel = this.#clock.after(Math.max(0, first.endsAt - this.#clock.now()), () => {
      this.#cancel = undefined;
      this.#closeEnded();
      this.#schedule();
    });
  }

  #closeEnded(): void {
    const now = this.#clock.now();
    for (const window of this.#windows.values()) {
      if (window.endsAt > now) return;
      this.#closeOldest();
    }
  }

  #closeOldest(): void {
    for (const [key, { last, count, since }] of this.#windows.entries().take(1)) {
      this.#windows.delete(key);
      if (count > 0) this.#write({ ...last, count, since });
    }
  }
}
