import { type Backoff, fullJitter, type Random } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { Deadlines } from "./deadlines.ts";

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly reconcile: (key: string) => Promise<void>;
  /** How many keys are worked on at once; one key never is twice. */
  readonly concurrency?: number;
  readonly random?: Random;
  /** A reconcile that failed; the key is tried again by itself. */
  readonly onError?: (key: string, error: unknown) => void;
}

const RETRY: Backoff = { base: 100, cap: 60_000 };

interface Delayed {
  readonly at: number;
  readonly cancel: () => void;
}

/**
 * Keys to reconcile. A key waits at most once however often it is added; one that is added while it is worked on runs
 * once more afterwards, because what changed may have come too late for the run.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #reconcile: (key: string) => Promise<void>;
  readonly #concurrency: number;
  readonly #random: Random;
  readonly #onError: (key: string, error: unknown) => void;

  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #deadlines: Deadlines;
  readonly #failures = new Map<string, number>();
  #whenIdle: (() => void)[] = [];
  #stopped = false;

  constructor({ clock, reconcile, concurrency = 4, random = Math.random, onError = () => {} }: WorkQueueOptions) {
    this.#clock = clock;
    this.#reconcile = reconcile;
    this.#concurrency = concurrency;
    this.#random = random;
    this.#onError = onError;
    this.#deadlines = new Deadlines(clock, (key) => this.add(key));
  }

  add(key: string): void {
    if (this.#stopped) return;
    if (this.#running.has(key)) this.#again.add(key);
    else this.#waiting.add(key);
    // Not at once: the caller may stand in the middle of a change that the run would read half of.
    queueMicrotask(() => this.#startNext());
  }

  /** Adds the key later; of several such wishes the earliest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#stopped) return;
    const at = this.#clock.now() + milliseconds;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.at <= at) return;
    earlier?.cancel();
    const cancel = this.#clock.after(milliseconds, () => this.#fallDue(key, at));
    this.#delayed.set(key, { at, cancel });
  }

  /**
   * Adds the key at a time of the clock (milliseconds since the epoch), in place of the time that was set for it before;
   * at none when it is undefined. Thousands of them cost one timer.
   */
  setDue(key: string, at: number | undefined): void {
    if (this.#stopped) return;
    if (at === undefined) this.#deadlines.delete(key);
    else this.#deadlines.set(key, at);
  }

  /** Fulfilled when nothing waits and nothing runs. What is due later does not count. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Starts nothing more; fulfilled when what runs has ended. */
  stop(): Promise<void> {
    this.#stopped = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#deadlines.clear();
    this.#waiting.clear();
    this.#again.clear();
    this.#tellIdle();
    return this.idle();
  }

  /** A clock may cap how long one timer runs: what is not due yet waits on. */
  #fallDue(key: string, at: number): void {
    this.#delayed.delete(key);
    const left = at - this.#clock.now();
    if (left > 0) this.addAfter(key, left);
    else this.add(key);
  }

  #startNext(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#concurrency) return;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#reconcile(key);
      this.#failures.delete(key);
    } catch (error) {
      this.#retry(key);
      this.#onError(key, error);
    } finally {
      this.#running.delete(key);
      if (this.#again.delete(key)) this.#waiting.add(key);
      this.#startNext();
      this.#tellIdle();
    }
  }

  #retry(key: string): void {
    const attempt = this.#failures.get(key) ?? 0;
    this.#failures.set(key, attempt + 1);
    this.addAfter(key, fullJitter(RETRY, attempt, this.#random));
  }

  #isIdle(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  #tellIdle(): void {
    if (!this.#isIdle()) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}
