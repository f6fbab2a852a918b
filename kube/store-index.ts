/** Objects by a value computed from them; one object may stand under several values. */
export class StoreIndex<T extends object> {
  readonly #valuesOf: (object: T) => readonly string[];
  /** Most values have one object, and a set for it alone would cost more than the entry. */
  readonly #objects = new Map<string, T | Several<T>>();

  constructor(valuesOf: (object: T) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  insert(object: T): void {
    for (const value of this.#valuesOf(object)) {
      const found = this.#objects.get(value);
      if (found === undefined) this.#objects.set(value, object);
      else if (found instanceof Several) found.objects.add(object);
      else if (found !== object) this.#objects.set(value, new Several(found, object));
    }
  }

  /** An emptied value is forgotten: what comes and goes for months must not leave a trace. */
  remove(object: T): void {
    for (const value of this.#valuesOf(object)) {
      const found = this.#objects.get(value);
      if (found === object) this.#objects.delete(value);
      if (!(found instanceof Several)) continue;
      found.objects.delete(object);
      if (found.objects.size === 0) this.#objects.delete(value);
    }
  }

  /** The first `most` of the objects, in the order in which they came. */
  find(value: string, most = Number.POSITIVE_INFINITY): readonly T[] {
    const found = this.#objects.get(value);
    if (found === undefined) return [];
    return found instanceof Several ? found.objects.values().take(most).toArray() : [found];
  }
}

class Several<T> {
  readonly objects: Set<T>;

  constructor(...objects: readonly T[]) {
    this.objects = new Set(objects);
  }
}
