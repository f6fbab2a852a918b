import type { ProtectedResource } from "../../identity/protected-resource.ts";
import { keyText } from "../../kube/kind.ts";
import { protectedResources } from "../../kube/kinds.ts";
import { isUsable, type Stored, stored } from "../../kube/stored.ts";
import { isDeleted, type SecretOutline, type VaultReference } from "../../vault/secret/secret.ts";
import { storedOutlines } from "../../vault/storage/stored-secret.ts";
import type { Session } from "../cluster/session.ts";

export interface StorageOptions {
  readonly secretsNamespace: string;
}

/** A secret and the name of the object that holds it. */
export interface HeldSecret {
  readonly object: string;
  readonly outline: SecretOutline;
}

/**
 * Of a vault's ProtectedResource: it exists, another one has its name (it was deleted and created again), or there is
 * none of its name. Vaults of the last two kinds are orphaned.
 */
export type VaultState = "present" | "recreated" | "missing";

export interface StoredVault {
  readonly vault: VaultReference;
  readonly state: VaultState;
  readonly held: readonly HeldSecret[];
}

/** Every vault that holds secrets or has a ProtectedResource, sorted by name; what breaks a rule still exists. */
export async function readVaults({ secretsNamespace }: StorageOptions, { api }: Session): Promise<StoredVault[]> {
  const secrets = await api.list(storedOutlines, { namespace: secretsNamespace });
  // After the secrets: a vault that is created in between is then not taken for an orphan.
  const resources = (await api.list(stored(protectedResources))).items;
  const byUid = new Map<string, { readonly vault: VaultReference; readonly held: HeldSecret[] }>();
  for (const { metadata } of resources.filter(isVault)) {
    const { uid, namespace, name } = metadata;
    byUid.set(uid, { vault: { uid, namespace, name }, held: [] });
  }
  for (const { metadata, outline } of secrets.items) {
    if (outline === undefined) continue;
    const known = byUid.get(outline.vault.uid) ?? { vault: outline.vault, held: [] };
    known.held.push({ object: metadata.name, outline });
    byUid.set(outline.vault.uid, known);
  }
  const uids = new Set(resources.map(({ metadata }) => metadata.uid));
  const names = new Set(resources.map(({ metadata }) => keyText(metadata)));
  const stateOf = (vault: VaultReference): VaultState => {
    if (uids.has(vault.uid)) return "present";
    return names.has(keyText(vault)) ? "recreated" : "missing";
  };
  return [...byUid.values()]
    .map(({ vault, held }) => ({ vault, held: held.sort(byName), state: stateOf(vault) }))
    .sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
}

function isVault(resource: Stored<ProtectedResource>): resource is ProtectedResource {
  return isUsable(resource) && resource.spec.vault !== undefined;
}

const byName = (a: HeldSecret, b: HeldSecret): number => a.outline.name.localeCompare(b.outline.name);
const sortKey = ({ vault }: StoredVault): string => `${keyText(vault)} ${vault.uid}`;

export const isOrphaned = ({ state }: StoredVault): boolean => state !== "present";

/** Seconds since the epoch; undefined for a vault without secrets. */
export function lastChangeOf({ held }: StoredVault): number | undefined {
  const times = held.flatMap(({ outline: { versions, deletion } }) => [
    ...versions.map(({ updated }) => updated),
    deletion?.deleted ?? 0,
  ]);
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
}

/** Seconds since the epoch; undefined for a vault without secrets. */
export function firstChangeOf({ held }: StoredVault): number | undefined {
  const times = held.flatMap(({ outline }) => outline.versions.map(({ created }) => created));
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
}

export const deletedCount = ({ held }: StoredVault): number => held.filter(({ outline }) => isDeleted(outline)).length;

/** RFC 3339 of seconds since the epoch. */
export const timeText = (seconds: number | undefined): string =>
  seconds === undefined ? "" : new Date(seconds * 1000).toISOString().replace(".000", "");
