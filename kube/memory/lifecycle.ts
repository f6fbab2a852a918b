import { jsonEqual } from "../../identity/json-equal.ts";
import { timestamp } from "../../identity/timestamp.ts";
import type { Manifest } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { Kind, ObjectKey } from "../kind.ts";
import type { ObjectStore } from "./object-store.ts";
import { isOrphaned, type OwnerLookup } from "./orphan.ts";
import { omit, type PlainMap } from "./plain-value.ts";
import { invalid, terminating } from "./refusal.ts";
import { isNamespaceKind, NAMESPACE, type ServedKinds } from "./served-kinds.ts";
import { type StoredObject, storable } from "./stored-object.ts";

export interface Review {
  readonly operation: "CREATE" | "UPDATE";
  readonly kind: Kind;
  readonly object: Manifest;
  readonly old?: StoredObject;
}

interface LifecycleOptions {
  readonly kinds: ServedKinds;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly admit: (review: Review) => Manifest;
  readonly newUid: (kind: Kind, key: ObjectKey) => string;
}

/** How objects come, change and go: what the server fills in, finalizers, and what goes along with a deleted object. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #lookup: OwnerLookup;

  constructor(options: LifecycleOptions) {
    const { kinds, store } = options;
    this.#options = options;
    this.#lookup = { kind: (named) => kinds.find(named), object: (kind, key) => store.get(kind, key) };
  }

  create(kind: Kind, manifest: Manifest): StoredObject {
    const { clock, admit, newUid, store } = this.#options;
    const { name, namespace } = manifest.metadata;
    this.#refuseInTerminatingNamespace(kind, manifest.metadata);
    const metadata = {
      ...manifest.metadata,
      ...{ uid: newUid(kind, namespace === undefined ? { name } : { namespace, name }) },
      ...{ creationTimestamp: timestamp(new Date(clock.now())), generation: 1, resourceVersion: "" },
    };
    const admitted = admit({ operation: "CREATE", kind, object: { ...manifest, metadata } });
    const created = store.put(kind, storable(kind, name, admitted));
    this.#collect(created);
    return created;
  }

  /** Stores what became of an object, unless nothing did. */
  update(kind: Kind, old: StoredObject, changed: Manifest): StoredObject {
    const { admit, store } = this.#options;
    const { name } = old.metadata;
    const object = storable(kind, name, admit({ operation: "UPDATE", kind, object: changed, old }));
    refuseNewFinalizers(kind, old, object);
    if (jsonEqual(object, old)) return old;
    const stored = store.put(
      kind,
      jsonEqual(wanted(kind, object), wanted(kind, old)) ? object : withNextGeneration(object),
    );
    if (stored.metadata.deletionTimestamp !== undefined) this.#finishDeletion(kind, stored);
    else this.#collect(stored);
    return stored;
  }

  /** Gone at once, or marked until its last finalizer is taken off. What is gone or marked already stays so. */
  delete(kind: Kind, { metadata }: StoredObject): void {
    const object = this.#options.store.get(kind, metadata);
    if (object?.metadata.uid !== metadata.uid || object.metadata.deletionTimestamp !== undefined) return;
    if (this.#mayGo(kind, object)) this.#remove(kind, object);
    else this.#markDeleted(kind, object);
  }

  #markDeleted(kind: Kind, object: StoredObject): void {
    const { kinds, store, clock } = this.#options;
    const metadata = { ...object.metadata, deletionTimestamp: timestamp(new Date(clock.now())) };
    const marked = store.put(kind, withNextGeneration({ ...object, metadata }));
    if (!isNamespaceKind(kind)) return;
    for (const contentKind of kinds.namespaced) {
      for (const content of store.list(contentKind, { namespace: marked.metadata.name }))
        this.delete(contentKind, content);
    }
  }

  #finishDeletion(kind: Kind, object: StoredObject): void {
    if (this.#mayGo(kind, object)) this.#remove(kind, object);
  }

  #mayGo(kind: Kind, { metadata }: StoredObject): boolean {
    if (metadata.finalizers !== undefined && metadata.finalizers.length > 0) return false;
    return !isNamespaceKind(kind) || this.#isEmpty(metadata.name);
  }

  #remove(kind: Kind, object: StoredObject): void {
    const { store } = this.#options;
    store.remove(kind, object);
    for (const dependent of store.dependents(object.metadata.uid)) this.#collect(dependent);
    const { namespace } = object.metadata;
    const home = namespace === undefined ? undefined : this.#terminatingNamespace(namespace);
    if (home !== undefined) this.#finishDeletion(home.kind, home.object);
  }

  /** Background garbage collection. */
  #collect(object: StoredObject): void {
    const kind = this.#options.kinds.require(object);
    if (isOrphaned(object, this.#lookup)) this.delete(kind, object);
  }

  #isEmpty(namespace: string): boolean {
    const { kinds, store } = this.#options;
    return kinds.namespaced.every((kind) => !store.has(kind, namespace));
  }

  #terminatingNamespace(name: string): { readonly kind: Kind; readonly object: StoredObject } | undefined {
    const kind = this.#options.kinds.find(NAMESPACE);
    const object = kind === undefined ? undefined : this.#options.store.get(kind, { name });
    if (kind === undefined || object?.metadata.deletionTimestamp === undefined) return undefined;
    return { kind, object };
  }

  #refuseInTerminatingNamespace(kind: Kind, { name, namespace }: ObjectKey): void {
    if (namespace === undefined || this.#terminatingNamespace(namespace) === undefined) return;
    throw terminating(kind, name, namespace);
  }
}

/** What the generation counts changes of: all that a person asked for. */
function wanted({ statusSubresource }: Kind, object: StoredObject): PlainMap {
  return omit(object, statusSubresource ? ["metadata", "status"] : ["metadata"]);
}

function withNextGeneration(object: StoredObject): StoredObject {
  return { ...object, metadata: { ...object.metadata, generation: (object.metadata.generation ?? 0) + 1 } };
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/ */
function refuseNewFinalizers(kind: Kind, { metadata }: StoredObject, changed: StoredObject): void {
  if (metadata.deletionTimestamp === undefined) return;
  const added = (changed.metadata.finalizers ?? []).filter((name) => !metadata.finalizers?.includes(name));
  if (added.length === 0) return;
  throw invalid(
    kind,
    metadata.name,
    `metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
  );
}
