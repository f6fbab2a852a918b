import { secrets } from "../../kube/cluster-kinds.ts";
import { keyText } from "../../kube/kind.ts";
import type { Answer } from "../cluster/answer.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { UsageError } from "../usage-error.ts";
import { vaultData } from "./list.ts";
import { isOrphaned, readVaults, type StorageOptions, type StoredVault } from "./stored-vaults.ts";

export interface PurgeOptions extends StorageOptions {
  readonly yes?: true;
}

/** Removes all secrets of an orphaned vault for good: nothing else ever does. */
export async function purgeVault(uid: string, { yes, ...storage }: PurgeOptions, session: Session): Promise<Answer> {
  const orphan = findOrphan(uid, await readVaults(storage, session), session);
  const count = countText(orphan);
  if (!yes) {
    return {
      code: 1,
      text: `Nothing was removed. With --yes, ${count} of ${keyText(orphan.vault)} (${uid}) are removed for good.`,
      data: { vault: vaultData(orphan), removed: 0 },
    };
  }
  const { api } = session;
  for (const { object: name } of orphan.held) {
    const key = { namespace: storage.secretsNamespace, name };
    if ((await find(api, secrets, key)) !== undefined) await api.delete(secrets, key);
  }
  return {
    code: 0,
    text: `Removed ${count} of ${keyText(orphan.vault)} (${uid}) for good.`,
    data: { vault: vaultData(orphan), removed: orphan.held.length },
  };
}

export function countText({ held }: Pick<StoredVault, "held">): string {
  return held.length === 1 ? "1 secret" : `${held.length} secrets`;
}

/** The orphaned vault of this UID. A vault whose ProtectedResource exists is changed through the API of the vault alone. */
export function findOrphan(uid: string, all: readonly StoredVault[], { program }: Session): StoredVault {
  const found = all.find(({ vault }) => vault.uid === uid);
  if (found === undefined) {
    throw new UsageError(`no vault with UID "${uid}" holds secrets. See them: ${program} vault list --orphaned`);
  }
  if (isOrphaned(found)) return found;
  throw new UsageError(
    `vault ${keyText(found.vault)} with UID "${uid}" is not orphaned: its ProtectedResource exists.`,
  );
}
