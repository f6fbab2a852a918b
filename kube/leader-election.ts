import type { Random } from "./backoff.ts";
import { LeaseLock, type LeaseLockOptions } from "./lease-lock.ts";
import type { Log } from "./log.ts";
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
  /** The lease was lost, not given back by `stop`: another may lead now. */
  readonly onStoppedLeading: () => void;
}

export interface LeaderElection {
  readonly isLeader: () => boolean;
  /** Gives the lease back; what was done by right of it is to be ended before. */
  stop(): Promise<void>;
}

/** Candidates wait for up to so many intervals more, so that they do not all try at once. */
const JITTER = 1.2;

/**
 * Stands as a candidate, once: a process that leads and loses the lease does not lead again, but is to end and be started
 * anew. The rules are those of client-go: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection
 */
export function startLeaderElection({
  leaseDurationSeconds = 15,
  renewSeconds = 10,
  retrySeconds = 2,
  random = Math.random,
  ...options
}: LeaderElectionOptions): LeaderElection {
  if (renewSeconds >= leaseDurationSeconds) throw new RangeError("A leader must stop before its lease expires.");
  const { clock, log } = options;
  const lock = new LeaseLock({ ...options, leaseDurationSeconds });
  const term = new Term(clock, renewSeconds * 1000);
  const stopping = new AbortController();
  const ending = AbortSignal.any([stopping.signal, term.signal]);

  const attempt = async (): Promise<void> => {
    const renewal = term.prepare();
    try {
      if (await lock.take()) renewal.succeed();
    } catch (err) {
      log.warn({ err, lease: options.name }, "The lease could not be taken or renewed.");
    } finally {
      renewal.end();
    }
  };
  const begin = (): void => {
    log.info({ lease: options.name, identity: options.identity }, "This replica leads.");
    term.signal.addEventListener("abort", () => stopping.signal.aborted || options.onStoppedLeading(), { once: true });
    options.onStartedLeading(term.signal);
  };
  const campaign = async (): Promise<void> => {
    let hasBegun = false;
    while (!ending.aborted) {
      await attempt();
      if (!hasBegun && !ending.aborted && term.isRunning()) {
        hasBegun = true;
        begin();
      }
      const spread = term.isRunning() ? 1 : 1 + JITTER * random();
      await sleep(clock, retrySeconds * 1000 * spread, ending);
    }
  };
  const ended = campaign();
  return {
    isLeader: () => term.isRunning(),
    async stop() {
      stopping.abort();
      term.end();
      await ended;
      await lock.release().catch((err) => log.warn({ err, lease: options.name }, "The lease was not given back."));
    },
  };
}
