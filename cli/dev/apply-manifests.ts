import { immutableChanges } from "../../identity/validate.ts";
import type { KubeApi, Manifest } from "../../kube/api.ts";
import { type Kind, type KubeObject, keyText, type ObjectKey } from "../../kube/kind.ts";
import { namespaces } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import type { AcceptedManifest } from "./check-manifests.ts";
import type { Change } from "./events.ts";
import type { Problem } from "./manifest-file.ts";

const FIELD_MANAGER = "lanyard-dev";

export interface Applicable {
  readonly kind: Kind;
  readonly manifest: Manifest;
}

/** What the API holds because of the files, by `KIND NAMESPACE/NAME`: kept step by step, so that a failure loses nothing. */
export type Applied = Map<string, { readonly kind: Kind; readonly key: ObjectKey }>;

/** Fields that may not change (in a cluster the CRD's rules say so): found before anything is applied. */
export async function immutableProblems(api: KubeApi, accepted: readonly AcceptedManifest[]): Promise<Problem[]> {
  const problems = await Promise.all(
    accepted.map(async ({ kind, manifest, located }) => {
      const current = await find(api, kind, keyOf(manifest));
      if (current === undefined) return [];
      return immutableChanges(kind.kind, current, manifest).map(({ path, message }) => located.problem(path, message));
    }),
  );
  return problems.flat();
}

/** Makes the API hold what is wanted: applies each object, and deletes those of `applied` that are not wanted any more. */
export async function applyManifests(
  api: KubeApi,
  wanted: readonly Applicable[],
  applied: Applied,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const inUse = namespacesOf(wanted);
  const names = new Set(wanted.map(({ kind, manifest }) => objectName(kind, keyOf(manifest))));
  for (const [object, { kind, key }] of applied) {
    if (names.has(object) || (kind === namespaces && inUse.has(key.name))) continue;
    await api.delete(kind, key).catch(unless("NotFound"));
    applied.delete(object);
    changes.push({ action: "deleted", object });
  }
  for (const namespace of inUse) await ensureNamespace(api, namespace);
  for (const { kind, manifest } of wanted) {
    const action = await applyOne(api, { kind, manifest });
    const [key, object] = [keyOf(manifest), objectName(kind, keyOf(manifest))];
    applied.set(object, { kind, key });
    if (action !== undefined) changes.push({ action, object });
  }
  return changes;
}

async function applyOne(api: KubeApi, { kind, manifest }: Applicable): Promise<Change["action"] | undefined> {
  const before = await find(api, kind, keyOf(manifest));
  const after = await api.apply(kind, manifest, { fieldManager: FIELD_MANAGER, force: true });
  if (before === undefined) return "created";
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? undefined : "configured";
}

/** A laptop's files often leave the namespaces out, which a cluster has already. */
export async function ensureNamespace(api: KubeApi, name: string): Promise<void> {
  await api
    .create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } })
    .catch(unless("AlreadyExists"));
}

export async function find<T extends KubeObject>(api: KubeApi, kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
  try {
    return await api.get(kind, key);
  } catch (error) {
    return unless("NotFound")(error);
  }
}

function unless(reason: "NotFound" | "AlreadyExists"): (error: unknown) => undefined {
  return (error) => {
    if (!isStatus(error, reason)) throw error;
  };
}

function namespacesOf(wanted: readonly Applicable[]): Set<string> {
  return new Set(wanted.flatMap(({ manifest: { metadata } }) => metadata.namespace ?? []));
}

const keyOf = ({ metadata: { namespace, name } }: Manifest): ObjectKey => ({ namespace, name });

export function objectName(kind: Kind, key: ObjectKey): string {
  return `${kind.kind} ${keyText(key)}`;
}
