import type { Clock } from "./clock.ts";

/** So late is noticed, at most, that the machine slept or its clock was set. Milliseconds. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Keys that fall due at a time of the clock, however far away, and however many: one timer waits for the earliest. It
 * looks at the clock again while it waits, because a timer measures how long the process ran, and a clock can jump.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #onDue: (key: string) => void;
  /** Milliseconds since the epoch, by key. */
  readonly #times = new Map<string, number>();
  #earliest = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(clock: Clock, onDue: (key: string) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** `at` in milliseconds since the epoch, in place of the time that the key had. */
  set(key: string, at: number): void {
    this.#times.set(key, at);
    if (at < this.#earliest) this.#waitFor(at);
  }

  delete(key: string): void {
    this.#times.delete(key);
    if (this.#times.size === 0) this.clear();
  }

  clear(): void {
    this.#cancel();
    this.#times.clear();
    this.#earliest = Number.POSITIVE_INFINITY;
  }

  #waitFor(earliest: number): void {
    this.#cancel();
    this.#earliest = earliest;
    if (earliest === Number.POSITIVE_INFINITY) return;
    const left = Math.max(0, earliest - this.#clock.now());
    this.#cancel = this.#clock.after(Math.min(left, LONGEST_WAIT_MS), () => this.#wake());
  }

  #wake(): void {
    const now = this.#clock.now();
    if (this.#earliest > now) {
      this.#waitFor(this.#earliest);
      return;
    }
    const due: string[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [key, at] of this.#times) {
      if (at <= now) due.push(key);
      else next = Math.min(next, at);
    }
    for (const key of due) this.#times.delete(key);
    this.#waitFor(next);
    due.forEach(this.#onDue);
  }
}
