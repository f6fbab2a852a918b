import type { ProtectedResource } from "../../identity/protected-resource.ts";
import { keyText, type ObjectKey } from "../../kube/kind.ts";
import { namespaces, protectedResources } from "../../kube/kinds.ts";
import { VaultError } from "../../vault/protocol/vault-error.ts";
import { adoptSecret } from "../../vault/secret/change-secret.ts";
import type { Secret, VaultReference } from "../../vault/secret/secret.ts";
import { SecretStore } from "../../vault/storage/secret-store.ts";
import { storedSecrets } from "../../vault/storage/stored-secret.ts";
import type { Answer } from "../cluster/answer.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";
import { vaultData } from "./list.ts";
import { countText, findOrphan } from "./purge.ts";
import {
  deletedCount,
  firstChangeOf,
  type HeldSecret,
  isOrphaned,
  lastChangeOf,
  readVaults,
  type StorageOptions,
  type StoredVault,
  timeText,
} from "./stored-vaults.ts";

export interface AdoptOptions extends StorageOptions {
  readonly from?: string;
  readonly namespaceRecreated?: true;
  readonly dryRun?: true;
}

/** Moves the secrets of an orphaned vault into the vault that took its place, or into another one that is named. */
export async function adoptVault(text: string, options: AdoptOptions, session: Session): Promise<Answer> {
  const key = parseNamespacedName(text, session.namespace);
  const resource = await findVault(key, session);
  const orphan = chooseOrphan(key, options.from, await readVaults(options, session), session);
  if (!options.namespaceRecreated) await checkNamespaceAge(key.namespace, orphan, session);
  if (options.dryRun) return answerOf({ orphan, resource, adopted: [], kept: [], vanished: [] }, options);
  const { uid, namespace, name } = resource.metadata;
  const outcome = await moveAll(orphan, { uid, namespace, name }, options, session);
  return answerOf({ orphan, resource, ...outcome }, options);
}

async function findVault(key: ObjectKey, { api }: Session): Promise<ProtectedResource> {
  const resource = await find(api, protectedResources, key);
  if (resource === undefined) {
    throw new UsageError(
      `there is no ProtectedResource ${keyText(key)}: create the vault first, then adopt its secrets.`,
    );
  }
  if (resource.spec.vault === undefined || resource.metadata.deletionTimestamp !== undefined) {
    throw new UsageError(
      `ProtectedResource ${keyText(key)} is not a vault: it has no spec.vault, or is being deleted.`,
    );
  }
  return resource;
}

function chooseOrphan(key: ObjectKey, from: string | undefined, all: StoredVault[], session: Session): StoredVault {
  if (from !== undefined) return findOrphan(from, all, session);
  const orphans = all.filter((stored) => isOrphaned(stored) && keyText(stored.vault) === keyText(key));
  const [only, ...others] = orphans;
  if (only === undefined) {
    throw new UsageError(
      `no orphaned vault was called ${keyText(key)}. See all: ${session.program} vault list --orphaned. Name one of another name by --from UID.`,
    );
  }
  if (others.length === 0) return only;
  const choices = orphans.map(
    (stored) => `\n  --from ${stored.vault.uid}  ${countText(stored)}, last change ${timeText(lastChangeOf(stored))}`,
  );
  throw new UsageError(`${orphans.length} orphaned vaults were called ${keyText(key)}: choose one.${choices.join("")}`);
}

/** A namespace that is newer than the secrets may belong to another team, which must not get them by its name. */
async function checkNamespaceAge(name: string, orphan: StoredVault, { api }: Session): Promise<void> {
  const namespace = await api.get(namespaces, { name });
  const created = Math.floor(Date.parse(namespace.metadata.creationTimestamp) / 1000);
  const first = firstChangeOf(orphan);
  if (first === undefined || created <= first) return;
  throw new UsageError(
    `namespace ${name} was created at ${timeText(created)}, after the first of these secrets (${timeText(first)}). It may belong to another team now. If its owner is the owner of the secrets, as after a restore, add --namespace-recreated.`,
  );
}

interface Outcome {
  readonly adopted: readonly string[];
  /** Names that are in the vault already: the earlier secret stays where it was. */
  readonly kept: readonly string[];
  /** Names whose earlier secret was deleted, or became unreadable, after the command had listed it. */
  readonly vanished: readonly string[];
}

async function moveAll(
  { held }: StoredVault,
  vault: VaultReference,
  { secretsNamespace: namespace }: StorageOptions,
  { api, clock, say }: Session,
): Promise<Outcome> {
  // A person waits for no watch: the vault itself sees what was written.
  const store = new SecretStore({ api, clock, namespace, index: { seen: async () => {} } });
  const outcome = { adopted: [] as string[], kept: [] as string[], vanished: [] as string[] };
  for (const { object, outline } of held) {
    const moved = await moveOne({ object, outline });
    outcome[moved].push(outline.name);
    if (moved === "adopted" && outcome.adopted.length % 100 === 0)
      say(`${outcome.adopted.length} of ${held.length} are adopted.`);
  }
  return outcome;

  /** The earlier object goes last, so that an interruption loses nothing and the command can be given again. */
  async function moveOne({ object, outline }: HeldSecret): Promise<keyof Outcome> {
    const earlier = await find(api, storedSecrets, { namespace, name: object });
    if (earlier?.secret === undefined) return "vanished";
    const { secret } = earlier;
    const written = await store.change(vault, outline.name, (asked) => adoptSecret(asked, secret, vault));
    if (written instanceof VaultError && !holdsAll(secret, (await store.read(vault, outline.name)).current))
      return "kept";
    const { resourceVersion } = earlier.metadata;
    await api.delete(storedSecrets, { namespace, name: object }, { preconditions: { resourceVersion } });
    return "adopted";
  }
}

/** Whether an adoption that was interrupted has written this secret already. */
function holdsAll(earlier: Secret, current: Secret | undefined): boolean {
  const there = new Set(current?.versions.map(({ id }) => id));
  return earlier.versions.every(({ id }) => there.has(id));
}

interface Adoption extends Outcome {
  readonly orphan: StoredVault;
  readonly resource: ProtectedResource;
}

function answerOf({ orphan, resource, adopted, kept, vanished }: Adoption, { dryRun }: AdoptOptions): Answer {
  const [from, to] = [`${keyText(orphan.vault)} (${orphan.vault.uid})`, keyText(resource.metadata)];
  const deleted = deletedCount(orphan);
  const recoverable =
    deleted === 0 ? "" : ` ${deleted} of them are deleted: recover them, or they are purged in their time.`;
  const conflicts = `${kept.length} stay with the orphaned vault, since the vault has secrets of their names: ${kept.join(", ")}.`;
  const gone = `${vanished.length} were deleted, or became unreadable, while this command ran: ${vanished.join(", ")}.`;
  return {
    code: kept.length + vanished.length === 0 ? 0 : 1,
    text: dryRun
      ? `Would move ${countText(orphan)} of ${from} into ${to}.${recoverable}`
      : `Moved ${adopted.length} of ${countText(orphan)} of ${from} into ${to}.${recoverable}`,
    data: {
      from: vaultData(orphan),
      to: { namespace: resource.metadata.namespace, name: resource.metadata.name },
      adopted,
      kept,
      vanished,
    },
    notes: [...(kept.length === 0 ? [] : [conflicts]), ...(vanished.length === 0 ? [] : [gone])],
  };
}
