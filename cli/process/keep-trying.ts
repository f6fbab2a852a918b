import { type Backoff, fullJitter } from "../../kube/backoff.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { sleep } from "../../kube/sleep.ts";

interface Trying {
  readonly clock: Clock;
  readonly log: Log;
  /** What could not be done, as a sentence for the log. */
  readonly complaint: string;
  readonly signal?: AbortSignal;
}

const BACKOFF: Backoff = { base: 500, cap: 10_000 };

/** For what a process cannot do without: the API server may be away just now. Rejects only when the signal aborts. */
export async function keepTrying<T>(act: () => Promise<T>, { clock, log, complaint, ...until }: Trying): Promise<T> {
  const signal = until.signal ?? new AbortController().signal;
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (err) {
      log.warn({ err }, complaint);
      await sleep(clock, fullJitter(BACKOFF, attempt, Math.random), signal);
    }
  }
}
