import { isDeepStrictEqual } from "node:util";
import type { Condition } from "../identity/condition.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Kind, KubeObject } from "../kube/kind.ts";
import { stored } from "../kube/stored.ts";

export const FIELD_MANAGER = "lanyard-operator";

interface Status {
  readonly conditions?: readonly Condition[] | undefined;
  readonly [field: string]: unknown;
}

/**
 * Writes a status when it differs from the one that was observed. The write names the resourceVersion that the decision
 * was made from: decided from an old one, it is a Conflict, and a pinned principal is never overwritten.
 */
export async function writeStatus(
  api: KubeApi,
  kind: Kind,
  observed: KubeObject & { readonly status?: Status | undefined },
  status: Status,
): Promise<void> {
  if (isDeepStrictEqual(ownPart(observed.status, status), ownPart(status, status))) return;
  const { name, namespace, resourceVersion } = observed.metadata;
  const manifest = {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name, namespace, resourceVersion },
    status,
  };
  await api.applyStatus(stored(kind), manifest, { fieldManager: FIELD_MANAGER, force: true });
}

/** Conditions are a list by type that other controllers may add to: theirs make no difference to us. */
function ownPart(status: Status | undefined, desired: Status): Status {
  const types = new Set(desired.conditions?.map(({ type }) => type));
  const own = (status?.conditions ?? []).filter(({ type }) => types.has(type));
  return { ...status, conditions: own.toSorted((a, b) => (a.type < b.type ? -1 : 1)) };
}
