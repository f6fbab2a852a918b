import type { Clock } from "../../kube/clock.ts";

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that stands still until a test moves it. `advance` runs what falls due, in order, letting promises settle between. */
export class FakeClock implements Clock {
  #now: number;
  #timers = new Set<Timer>();

  constructor(start = Date.parse("2026-11-21T12:00:00Z")) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, milliseconds), call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on by so many milliseconds. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#now = next.at;
      this.#timers.delete(next);
      next.call();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** How many timers wait: a test of cleaning up expects none. */
  get pending(): number {
    return this.#timers.size;
  }

  #due(end: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets every promise that can go on go on: a turn of the event loop, no real waiting. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
