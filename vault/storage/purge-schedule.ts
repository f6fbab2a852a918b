import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { VaultError } from "../protocol/vault-error.ts";
import { type Asked, deleteSecret, purgeWhenDue, type SecretChange } from "../secret/change-secret.ts";
import type { SecretOutline, VaultReference } from "../secret/secret.ts";
import type { SecretIndex } from "./secret-index.ts";
import type { SecretStore } from "./secret-store.ts";

interface PurgeScheduleOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly index: Pick<SecretIndex, "all" | "onChange">;
  readonly store: Pick<SecretStore, "change">;
  /** Whether the vault is there, by what was watched, and by what the API server says now. */
  readonly isThere: (vault: VaultReference) => boolean;
  readonly isReallyThere: (vault: VaultReference) => Promise<boolean>;
}

export interface PurgeSchedule {
  /** Looks again whether a secret has lost its vault. */
  check(): void;
  stop(): void;
}

/** Changes that come together are looked at together. */
const SETTLE_MS = 1_000;
const RETRY_MS = 60_000;
const AT_ONCE = 4;
/** A timer holds no more than 24.8 days; looking once a day costs nothing. */
const LONGEST_WAIT_MS = 86_400_000;
/** A vault that is deleted leaves its secrets for as long as any vault may keep what is deleted. */
const DAYS_AFTER_VAULT = 90;

/**
 * Purges each deleted secret when its time comes, and deletes those whose vault is gone. Every replica does so: what one
 * has done the others find done. The times stand in the objects, so that no restart forgets one.
 */
export function startPurgeSchedule({ clock, log, index, store, ...vaults }: PurgeScheduleOptions): PurgeSchedule {
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
    const waiting = index.all().values();
    let isAllDone = true;
    async function work(): Promise<void> {
      for (const outline of waiting) isAllDone = (await settle(outline)) && isAllDone;
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return isAllDone;
  }

  /** False when it has to be tried again. */
  async function settle(outline: SecretOutline): Promise<boolean> {
    const { vault, name, deletion } = outline;
    try {
      if (deletion !== undefined) {
        if (deletion.scheduledPurge * 1000 <= clock.now())
          await change(outline, purgeWhenDue, "A deleted secret is purged.");
      } else if (!vaults.isThere(vault) && !(await vaults.isReallyThere(vault))) {
        await change(
          outline,
          (asked) => deleteSecret(asked, DAYS_AFTER_VAULT),
          "A secret is deleted, since its vault is.",
        );
      }
      return true;
    } catch (err) {
      log.warn({ err, vault: `${vault.namespace}/${vault.name}`, secret: name }, "A secret could not be purged yet.");
      return false;
    }
  }

  async function change(
    { vault, name }: SecretOutline,
    decide: (asked: Asked) => SecretChange,
    message: string,
  ): Promise<void> {
    const changed = await store.change(vault, name, decide);
    // Whatever else is refused says that another replica was faster.
    if (changed instanceof VaultError && changed.code === "ServiceUnavailable") throw new Error(changed.message);
    if (changed === undefined || "secret" in changed) {
      log.info({ vault: `${vault.namespace}/${vault.name}`, secret: name }, message);
    }
  }

  function untilNext(): number {
    const times = index.all().flatMap(({ deletion }) => deletion?.scheduledPurge ?? []);
    const next = Math.min(...times) * 1000 - clock.now();
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
