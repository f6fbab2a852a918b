import type { Random } from "./backoff.ts";
import { LeaseLock, type LeaseLockOptions } from "./lease-lock.ts";
import type { Log } from "./log.ts";
import { onceAborted } from "./once-aborted.ts";
import { sleep } from "./sleep.ts";
import { Term } from "./term.ts";

export interface LeaderElectionOptions extends Omit<LeaseLockOptions, "leaseDurationSeconds"> {
  readonly log: Log;
  readonly random?: Random;
  /** How long the others wait for a renewal before one of them takes over. */
  readonly leaseDurationSeconds?: number;
  /** How long a leader leads without a renewal. Shorter than the lease, so that it has stopped when another begins. */
  readonly renewSeconds?: number;
  /** How long to wait between attempts to take or to renew, at the least. */
  readonly retrySeconds?: number;
  /** The signal aborts when this process leads no longer, for whatever reason. */
  readonly onStartedLeading: (signal: AbortSignal) => void;
  /**
   * The lease was lost, not given back by `stop`: another process may lead in a few seconds. This one is a candidate again
   * once the promise is fulfilled.
   */
  readonly onStoppedLeading: () => void | Promise<void>;
}

export interface LeaderElection {
  readonly isLeader: () => boolean;
  /** Fulfilled once the API server has said for the first time whose the lease is. */
  readonly reached: Promise<void>;
  /** When the API server last said whose the lease is, in milliseconds since the epoch. */
  readonly reachedAt: () => number | undefined;
  /** When the last attempt to take or to renew the lease ended, whatever came of it; at first, when the election began. */
  readonly attemptedAt: () => number;
  /** Gives the lease back; what was done by right of it is to be ended before. */
  stop(): Promise<void>;
}

/** Candidates wait for up to so many intervals more, so that they do not all try at once. */
const JITTER = 1.2;

/**
 * Stands as a candidate until it is stopped; who loses the lease, as in an outage of the API server, stands again. The
 * rules are those of client-go: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection
 */
export function startLeaderElection({
  leaseDurationSeconds = 15,
  renewSeconds = 10,
  retrySeconds = 2,
  random = Math.random,
  ...options
}: LeaderElectionOptions): LeaderElection {
  if (renewSeconds >= leaseDurationSeconds) throw new RangeError("A leader must stop before its lease expires.");
  const { clock, log, name: lease, identity } = options;
  const lock = new LeaseLock({ ...options, leaseDurationSeconds });
  const stopping = new AbortController();
  let term = new Term(clock, renewSeconds * 1000);
  const { promise: reached, resolve: onReached } = Promise.withResolvers<void>();
  let reachedAt: number | undefined;
  let attemptedAt = clock.now();

  const attempt = async (): Promise<void> => {
    const renewal = term.prepare();
    try {
      if (await lock.take()) renewal.succeed();
      reachedAt = clock.now();
      onReached();
    } catch (err) {
      log.warn({ err, lease }, "The lease could not be taken or renewed.");
    } finally {
      attemptedAt = clock.now();
      renewal.end();
    }
  };
  const acquire = async (): Promise<void> => {
    term = new Term(clock, renewSeconds * 1000);
    await attempt();
    while (!term.isRunning() && !stopping.signal.aborted) {
      await sleep(clock, retrySeconds * 1000 * (1 + JITTER * random()), stopping.signal);
      if (!stopping.signal.aborted) await attempt();
    }
  };
  const lead = async (): Promise<void> => {
    const { signal } = term;
    const stopped = onceAborted(signal, async () => {
      if (stopping.signal.aborted) return;
      log.warn({ lease, identity }, "The lease was lost: this replica leads no longer.");
      await options.onStoppedLeading();
    }).catch((err) => log.error({ err, lease }, "What was done as the leader did not end well."));
    log.info({ lease, identity }, "This replica leads.");
    options.onStartedLeading(signal);
    while (!signal.aborted) {
      await sleep(clock, retrySeconds * 1000, signal);
      if (!signal.aborted) await attempt();
    }
    await stopped;
  };
  const campaign = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await acquire();
      if (!stopping.signal.aborted) await lead();
    }
  };
  const ended = campaign();
  return {
    isLeader: () => term.isRunning(),
    reached,
    reachedAt: () => reachedAt,
    attemptedAt: () => attemptedAt,
    async stop() {
      stopping.abort();
      term.end();
      await ended;
      await lock.release().catch((err) => log.warn({ err, lease }, "The lease was not given back."));
    },
  };
}
