import { type VaultError, vaultErrors } from "../protocol/vault-error.ts";
import type { VaultReference } from "../secret/secret.ts";
import type { StorageLimits } from "../settings.ts";
import type { SecretIndex, Usage } from "./secret-index.ts";

/** What a write adds; bytes may be negative. */
export interface Growth {
  readonly secrets: 0 | 1;
  readonly bytes: number;
}

/** Says whether a write may be done. What it adds counts until `done` is called, though the index has not seen it yet. */
export type Admission = { readonly done: () => void } | VaultError;

type UsageIndex = Pick<SecretIndex, "usageOf" | "usageOfNamespace">;

interface Bound {
  /** Where the limit is: a sentence begins with it. */
  readonly what: string;
  readonly used: Usage;
  readonly secrets: readonly [limit: number, chartValue: string];
  readonly bytes: readonly [limit: number, chartValue: string];
}

/**
 * Bounds what a vault and a namespace hold. Only what makes them larger is refused: secrets beyond a limit that was
 * lowered can still be read, made smaller and deleted. Replicas learn of each other's writes by the watch, so each may
 * add what it writes in that moment.
 */
export class Quota {
  readonly #index: UsageIndex;
  readonly #limits: StorageLimits;
  /** By the UID of a vault, and by the name of a namespace. */
  readonly #pending = new Map<string, Usage>();

  constructor(index: UsageIndex, limits: StorageLimits) {
    this.#index = index;
    this.#limits = limits;
  }

  admit(vault: VaultReference, growth: Growth): Admission {
    const refusal = this.#bounds(vault)
      .map((bound) => excess(bound, growth))
      .find((sentence) => sentence !== undefined);
    if (refusal !== undefined) return vaultErrors.QuotaExceeded(refusal);
    const keys = [vault.uid, vault.namespace];
    for (const key of keys) this.#count(key, growth);
    return {
      done: () => {
        for (const key of keys) this.#count(key, { secrets: -growth.secrets, bytes: -growth.bytes });
      },
    };
  }

  #bounds({ uid, namespace, name }: VaultReference): readonly Bound[] {
    const limits = this.#limits;
    return [
      {
        what: `Vault ${namespace}/${name}`,
        used: sum(this.#index.usageOf({ uid }), this.#pending.get(uid)),
        secrets: [limits.secretsPerVault, "vault.limits.secretsPerVault"],
        bytes: [limits.bytesPerVault, "vault.limits.mebibytesPerVault"],
      },
      {
        what: `Namespace ${namespace}`,
        used: sum(this.#index.usageOfNamespace(namespace), this.#pending.get(namespace)),
        secrets: [limits.secretsPerNamespace, "vault.limits.secretsPerNamespace"],
        bytes: [limits.bytesPerNamespace, "vault.limits.mebibytesPerNamespace"],
      },
    ];
  }

  #count(key: string, growth: Usage): void {
    const pending = sum(growth, this.#pending.get(key));
    if (pending.secrets === 0 && pending.bytes === 0) this.#pending.delete(key);
    else this.#pending.set(key, pending);
  }
}

const MiB = 1024 * 1024;

/** Why a write would exceed a limit, and what to do; undefined when it does not. */
function excess({ what, used, secrets, bytes }: Bound, growth: Growth): string | undefined {
  if (growth.secrets > 0 && used.secrets + growth.secrets > secrets[0]) {
    return `${what} holds ${used.secrets} secrets, and at most ${secrets[0]} are allowed (${secrets[1]}). Deleted secrets count until they are purged: purge some, or ask an administrator for a higher limit.`;
  }
  if (growth.bytes > 0 && used.bytes + growth.bytes > bytes[0]) {
    return `${what} holds ${Math.floor(used.bytes / 1024)} KiB, and at most ${bytes[0] / MiB} MiB are allowed (${bytes[1]}). Every version counts, and deleted secrets count until they are purged: purge some, or ask an administrator for a higher limit.`;
  }
  return undefined;
}

const sum = (one: Usage, other: Usage = { secrets: 0, bytes: 0 }): Usage => ({
  secrets: one.secrets + other.secrets,
  bytes: one.bytes + other.bytes,
});
