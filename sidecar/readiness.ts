import { notAskedYet, type Waiting } from "./waiting.ts";

/** Whether the application may start, and why not. Each new reason is one log line: the last of them is what a person finds in the container's termination message. */
export class Readiness {
  readonly #write: (fields: object) => void;
  #waiting: Waiting | undefined = notAskedYet;

  constructor(write: (fields: object) => void) {
    this.#write = write;
  }

  /** Undefined once ready. */
  get waiting(): Waiting | undefined {
    return this.#waiting;
  }

  waitFor(waiting: Waiting): void {
    const changed = waiting.code !== this.#waiting?.code || waiting.sentence !== this.#waiting.sentence;
    this.#waiting = waiting;
    if (changed) this.report();
  }

  markReady(): void {
    this.#waiting = undefined;
    this.#write({ message: "ready" });
  }

  report(): void {
    if (this.#waiting !== undefined) this.#write({ message: "not ready", ...this.#waiting });
  }
}
