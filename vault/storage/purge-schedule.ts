import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { VaultError } from "../protocol/vault-error.ts";
import { purgeWhenDue } from "../secret/change-secret.ts";
import type { VaultReference } from "../secret/secret.ts";
import type { IndexedSecret } from "./indexed-secret.ts";
import type { SecretIndex } from "./secret-index.ts";
import type { SecretStore } from "./secret-store.ts";

interface PurgeScheduleOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly index: Pick<SecretIndex, "all" | "onChange">;
  readonly store: Pick<SecretStore, "change">;
  /** Whether the vault's ProtectedResource exists. Secrets of an unknown vault are kept: only a person removes them. */
  readonly isThere: (vault: VaultReference) => boolean;
  /** Told how many secrets have no vault, whenever that may have changed. */
  readonly onOrphans?: ((secrets: number) => void) | undefined;
}

export interface PurgeSchedule {
  /** Looks again at what is due, after the vaults changed. */
  check(): void;
  stop(): void;
}

/** Changes that come together are looked at together. */
const SETTLE_MS = 1_000;
const RETRY_MS = 60_000;
const AT_ONCE = 4;
/** A timer holds no more than 24.8 days; looking once a day costs nothing. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * Purges each deleted secret of an existing vault when its time comes. Every replica does so: what one has done the
 * others find done. The times stand in the objects, so that no restart forgets one. Secrets whose vault is unknown are
 * never purged here: after a restore, or when a ProtectedResource was deleted by mistake, they wait for adoption.
 */
export function startPurgeSchedule({
  clock,
  log,
  index,
  store,
  isThere,
  onOrphans,
}: PurgeScheduleOptions): PurgeSchedule {
  const never = Number.POSITIVE_INFINITY;
  let due = never;
  let cancel = (): void => {};
  let running = false;
  let stopped = false;

  const soon = (): void => scheduleIn(SETTLE_MS);
  const unsubscribe = index.onChange(soon);
  scheduleIn(0);

  function scheduleIn(milliseconds: number): void {
    const at = clock.now() + milliseconds;
    if (stopped || at >= due) return;
    cancel();
    due = at;
    cancel = clock.after(milliseconds, () => void run());
  }

  async function run(): Promise<void> {
    due = never;
    if (running) return soon();
    running = true;
    const isAllDone = await settleAll();
    running = false;
    scheduleIn(isAllDone ? untilNext() : RETRY_MS);
  }

  /** A few at a time: what all came due while nobody ran must not keep the API server from requests. */
  async function settleAll(): Promise<boolean> {
    const all = index.all();
    onOrphans?.(all.filter(({ vault }) => !isThere(vault)).length);
    const waiting = all.values();
    let isAllDone = true;
    async function work(): Promise<void> {
      for (const outline of waiting) isAllDone = (await settle(outline)) && isAllDone;
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return isAllDone;
  }

  /** False when it has to be tried again. */
  async function settle(outline: IndexedSecret): Promise<boolean> {
    const { vault, name, deletion } = outline;
    if (deletion === undefined || deletion.scheduledPurge * 1000 > clock.now() || !isThere(vault)) return true;
    const fields = { vault: `${vault.namespace}/${vault.name}`, secret: name };
    try {
      const changed = await store.change(vault, name, purgeWhenDue);
      // Any other refusal means that another replica was faster.
      if (changed instanceof VaultError && changed.code === "ServiceUnavailable") throw new Error(changed.message);
      if (changed === undefined) log.info(fields, "A deleted secret is purged.");
      return true;
    } catch (err) {
      log.warn({ err, ...fields }, "A secret could not be purged yet.");
      return false;
    }
  }

  function untilNext(): number {
    const times = index
      .all()
      .flatMap(({ vault, deletion }) => (deletion && isThere(vault) ? deletion.scheduledPurge : []));
    const next =
      times.reduce((soonest, time) => Math.min(soonest, time), Number.POSITIVE_INFINITY) * 1000 - clock.now();
    return Math.min(Math.max(next, SETTLE_MS), LONGEST_WAIT_MS);
  }

  return {
    check: soon,
    stop() {
      stopped = true;
      cancel();
      unsubscribe();
    },
  };
}
