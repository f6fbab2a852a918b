import { keyText } from "../../kube/kind.ts";
import type { Answer } from "../cluster/answer.ts";
import type { Session } from "../cluster/session.ts";
import { fitTable } from "../format-table.ts";
import {
  deletedCount,
  isOrphaned,
  lastChangeOf,
  readVaults,
  type StorageOptions,
  type StoredVault,
  timeText,
} from "./stored-vaults.ts";

export interface ListOptions extends StorageOptions {
  readonly orphaned?: true;
}

const headings = ["VAULT", "UID", "SECRETS", "DELETED", "LAST CHANGE", "STATE"];

const stateTexts = {
  present: "present",
  recreated: "orphaned: another ProtectedResource has its name now",
  missing: "orphaned: no ProtectedResource has its name",
} as const;

/** Lists vaults, with those whose ProtectedResource is gone while their secrets are kept. */
export async function listVaults({ orphaned, ...storage }: ListOptions, session: Session): Promise<Answer> {
  const all = await readVaults(storage, session);
  const shown = orphaned ? all.filter(isOrphaned) : all;
  const hasOrphans = shown.some(isOrphaned);
  return {
    code: 0,
    text: shown.length === 0 ? nothing(orphaned) : fitTable(headings, shown.map(rowOf), session.columns),
    data: { vaults: shown.map(vaultData) },
    notes: hasOrphans
      ? [
          `Secrets of orphaned vaults are kept. Move them into a vault: ${session.program} vault adopt NAMESPACE/NAME --from UID`,
        ]
      : [],
  };
}

const nothing = (orphaned: true | undefined): string => (orphaned ? "No orphaned vaults." : "No vaults.");

function rowOf(stored: StoredVault): string[] {
  const { vault, held, state } = stored;
  const counts = [String(held.length), String(deletedCount(stored))];
  return [keyText(vault), vault.uid, ...counts, timeText(lastChangeOf(stored)), stateTexts[state]];
}

export function vaultData(stored: StoredVault): object {
  const { uid, namespace, name } = stored.vault;
  const lastChange = lastChangeOf(stored);
  return {
    ...{ namespace, name, uid, state: stored.state },
    secrets: stored.held.length,
    deleted: deletedCount(stored),
    ...(lastChange === undefined ? {} : { lastChange: timeText(lastChange) }),
  };
}
