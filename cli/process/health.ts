import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";

/** Returns what is wrong now, as a clause for `/readyz`, `/livez` and the log; undefined when all is well. */
export type Check = () => string | undefined;

const BEAT_MS = 1_000;
/** Timers that are this late do not run at all: a busy event loop runs them before it answers `/livez`. */
const LATEST_BEAT_MS = 60_000;

/**
 * Whether a process is ready (synced and able to do its work) and live (it moves). An outage of the API server must
 * never end liveness: a restart does not bring the API server back, and loses what was read from it.
 */
export class Health {
  readonly #clock: Clock;
  readonly #log: Pick<Log, "info" | "warn">;
  readonly #readiness: Check[] = [];
  readonly #liveness: Check[] = [];
  #waitingFor: string | undefined = "its start";
  #isEnding = false;
  #wasReady = false;
  #beatAt: number;
  #cancelBeat = (): void => {};

  constructor(clock: Clock, log: Pick<Log, "info" | "warn">) {
    this.#clock = clock;
    this.#log = log;
    this.#beatAt = clock.now();
    this.#beat();
  }

  /** Keeps the process from being ready until something else is waited for, or `started` is called. */
  waitFor(what: string): void {
    this.#waitingFor = what;
    this.#log.info({ for: what }, "Waiting.");
  }

  /** Everything that the process waited for at its start is there. From now on the checks decide. */
  started(): void {
    this.#waitingFor = undefined;
    this.#report();
  }

  end(): void {
    this.#isEnding = true;
    this.#cancelBeat();
  }

  isEnding(): boolean {
    return this.#isEnding;
  }

  readyIf(check: Check): void {
    this.#readiness.push(check);
  }

  liveIf(check: Check): void {
    this.#liveness.push(check);
  }

  notReady(): string | undefined {
    if (this.#isEnding) return "ending";
    if (this.#waitingFor !== undefined) return `waiting for ${this.#waitingFor}`;
    return firstProblem(this.#readiness);
  }

  notLive(): string | undefined {
    // A process that was told to stop is not restarted: the kubelet would cut off what it still serves.
    if (this.#isEnding) return undefined;
    const silent = this.#clock.now() - this.#beatAt;
    if (silent > LATEST_BEAT_MS) return `the timers of the event loop have not run for ${Math.round(silent / 1000)} s`;
    return firstProblem(this.#liveness);
  }

  #beat(): void {
    this.#beatAt = this.#clock.now();
    this.#report();
    this.#cancelBeat = this.#clock.after(BEAT_MS, () => this.#beat());
  }

  /** Logs each change, so that the log says when and why a process stopped being ready. */
  #report(): void {
    const problem = this.notReady();
    const isReady = problem === undefined;
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    if (isReady) this.#log.info({}, "Ready.");
    else this.#log.warn({ why: problem }, "The process is not ready any more.");
  }
}

function firstProblem(checks: readonly Check[]): string | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}
