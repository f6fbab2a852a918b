import type { OwnerReference } from "../../identity/object-meta.ts";
import type { Kind, ObjectKey } from "../kind.ts";
import type { StoredObject } from "./stored-object.ts";

/** What the garbage collector asks of the API. */
export interface OwnerLookup {
  kind(reference: OwnerReference): Kind | undefined;
  object(kind: Kind, key: ObjectKey): StoredObject | undefined;
}

/**
 * Whether an object has owners and all of them are gone. An owner is meant by UID, in the object's own namespace or
 * cluster-wide; one that cannot be looked up counts as there.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/#owners-dependents
 */
export function isOrphaned({ metadata }: StoredObject, lookup: OwnerLookup): boolean {
  const owners = metadata.ownerReferences ?? [];
  return owners.length > 0 && owners.every((owner) => isGone(owner, metadata.namespace, lookup));
}

function isGone(owner: OwnerReference, namespace: string | undefined, lookup: OwnerLookup): boolean {
  const kind = lookup.kind(owner);
  const unresolvable = kind === undefined || (kind.namespaced && namespace === undefined);
  if (unresolvable) return false;
  const key = kind.namespaced ? { namespace, name: owner.name } : { name: owner.name };
  return lookup.object(kind, key)?.metadata.uid !== owner.uid;
}
