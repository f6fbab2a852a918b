import type { Clock } from "./clock.ts";

export interface Renewal {
  /** The lease was written: the term lasts from when this renewal was prepared. */
  succeed(): void;
  /** There is no more to hear of it. */
  end(): void;
}

/**
 * The time in which a process leads: from a renewal that succeeded until so long after the last one was sent. Counted
 * from before it was sent, since others count from after it arrived. A term that ended does not begin again.
 */
export class Term {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #over = new AbortController();
  #until = Number.NEGATIVE_INFINITY;
  #cancelEnd = (): void => {};

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
  }

  /** Aborts when the term ends. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** The clock is asked too: of a machine that slept, it wakes up before the timers do. */
  isRunning(): boolean {
    return !this.#over.signal.aborted && this.#clock.now() < this.#until;
  }

  /** To be called before a renewal is sent. */
  prepare(): Renewal {
    const until = this.#clock.now() + this.#milliseconds;
    let state: "open" | "late" | "counts" = "open";
    const cancel = this.#clock.after(this.#milliseconds, () => {
      if (state === "counts") this.end();
      else state = "late";
    });
    return {
      succeed: () => {
        if (state === "late" || this.#clock.now() >= until || this.#over.signal.aborted) return;
        state = "counts";
        this.#cancelEnd();
        this.#cancelEnd = cancel;
        this.#until = until;
      },
      end: () => {
        if (state !== "counts") cancel();
      },
    };
  }

  end(): void {
    this.#cancelEnd();
    this.#over.abort();
  }
}
