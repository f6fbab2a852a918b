import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { StatusError, type StatusReason } from "../kube/status-error.ts";
import { WorkQueue } from "../kube/work-queue.ts";

/** Refusals of a write that was decided from a cache a moment behind: the retry decides from what is there by then. */
const RACES: ReadonlySet<StatusReason> = new Set<StatusReason>(["Conflict", "NotFound", "AlreadyExists"]);
const QUIET_ATTEMPTS = 3;

interface QueueOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** The work queue of a controller. What fails is tried again; a lost race is logged only when it keeps being lost. */
export function startQueue(
  { clock, log }: QueueOptions,
  controller: string,
  reconcile: (key: string) => Promise<void>,
): WorkQueue {
  const failures = new Map<string, number>();
  return new WorkQueue({
    clock,
    async reconcile(key) {
      await reconcile(key);
      failures.delete(key);
    },
    onError(key, err) {
      const attempt = (failures.get(key) ?? 0) + 1;
      failures.set(key, attempt);
      if (isRace(err) && attempt <= QUIET_ATTEMPTS) return;
      log.error({ err, controller, key, attempt }, "Reconciling failed and is tried again.");
    },
  });
}

function isRace(error: unknown): boolean {
  return error instanceof StatusError && RACES.has(error.reason);
}
