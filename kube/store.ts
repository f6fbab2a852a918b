import { type KubeObject, keyText, type ObjectKey } from "./kind.ts";
import { StoreIndex } from "./store-index.ts";

export type StoreChange<T> =
  | { readonly type: "upsert"; readonly object: T; readonly previous: T | undefined }
  | { readonly type: "delete"; readonly object: T };

export type Indexes<T> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** An in-memory cache of one kind. Its reflector writes it; everybody else reads. */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes: ReadonlyMap<string, StoreIndex<T>>;
  readonly #listeners = new Set<(change: StoreChange<T>) => void>();
  readonly #onListenerError: (error: unknown) => void;

  /** A listener that throws is reported to `onListenerError`; the store and the other listeners go on. */
  constructor(indexes: Indexes<T> = {}, onListenerError: (error: unknown) => void = () => {}) {
    const entries = Object.entries(indexes);
    this.#indexes = new Map(entries.map(([name, valuesOf]) => [name, new StoreIndex(valuesOf)]));
    this.#onListenerError = onListenerError;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(keyText(key));
  }

  values(): IteratorObject<T> {
    return this.#objects.values();
  }

  /** The objects for which an index gave this value, or the first `most` of them. Throws when there is no such index. */
  by(index: string, value: string, most = Number.POSITIVE_INFINITY): readonly T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new TypeError(`The store has no index "${index}".`);
    return found.find(value, most);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Calls at every change from now on; the returned function ends it. */
  subscribe(listener: (change: StoreChange<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the store equal to a fresh list. What vanished unseen is told as a deletion; what is the same is not told again. */
  replace(objects: readonly T[]): void {
    const listed = new Set(objects.map((object) => keyText(object.metadata)));
    for (const [key, object] of [...this.#objects]) {
      if (!listed.has(key)) this.delete(object);
    }
    for (const object of objects) this.upsert(object);
  }

  upsert(object: T): void {
    const key = keyText(object.metadata);
    const previous = this.#objects.get(key);
    if (previous !== undefined && isSameVersion(previous, object)) return;
    if (previous !== undefined && previous.metadata.uid !== object.metadata.uid) {
      this.delete(previous);
      this.#put(key, object, undefined);
    } else {
      this.#put(key, object, previous);
    }
  }

  delete(object: T): void {
    const key = keyText(object.metadata);
    const previous = this.#objects.get(key);
    if (previous === undefined) return;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.remove(previous);
    this.#tell({ type: "delete", object });
  }

  #put(key: string, object: T, previous: T | undefined): void {
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) {
      if (previous !== undefined) index.remove(previous);
      index.insert(object);
    }
    this.#tell({ type: "upsert", object, previous });
  }

  #tell(change: StoreChange<T>): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}

function isSameVersion(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.uid === other.metadata.uid && one.metadata.resourceVersion === other.metadata.resourceVersion;
}
