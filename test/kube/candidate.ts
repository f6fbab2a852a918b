import type { Clock } from "../../kube/clock.ts";
import { type LeaderElection, startLeaderElection } from "../../kube/leader-election.ts";
import type { LeaseLockOptions } from "../../kube/lease-lock.ts";
import type { Log } from "../../kube/log.ts";

export const LOCK = { namespace: "lanyard-system", name: "lanyard-operator" };

const silent: Log = { info() {}, warn() {}, error() {} };

/** One process that wants to lead, and what it was told. */
export class Candidate {
  readonly heard: string[] = [];
  readonly election: LeaderElection;
  signal: AbortSignal | undefined;
  /** What it has to end when it leads no longer. */
  ending: () => Promise<void> = async () => {};

  constructor(api: LeaseLockOptions["api"], clock: Clock, identity: string, onStarted = () => {}) {
    this.election = startLeaderElection({
      ...{ api, clock, identity, ...LOCK, log: silent, random: () => 0.5 },
      onStartedLeading: (signal) => {
        this.signal = signal;
        this.heard.push("started");
        onStarted();
      },
      onStoppedLeading: () => {
        this.heard.push("stopped");
        return this.ending();
      },
    });
  }
}

/** A clock that runs as another does and shows another time. */
export function skewed(clock: Clock, milliseconds: number): Clock {
  return { now: () => clock.now() + milliseconds, after: (wait, call) => clock.after(wait, call) };
}
