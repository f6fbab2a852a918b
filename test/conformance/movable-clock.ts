import { type Clock, systemClock } from "../../kube/clock.ts";

/** Stands where a test puts it. Timers run by real time, so that nothing but the moved clock makes a token old. */
export class MovableClock implements Clock {
  readonly after = systemClock.after;
  #now: number;

  /** Milliseconds since the epoch. */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  moveTo(now: number): void {
    this.#now = now;
  }
}
