/** Values by a key in groups. A group that is emptied is forgotten: what comes and goes for months must not leave a trace. */
export class Groups<Value> {
  readonly #groups = new Map<string, Map<string, Value>>();

  /** Each group has a value at least. */
  get all(): ReadonlyMap<string, ReadonlyMap<string, Value>> {
    return this.#groups;
  }

  of(group: string): Iterable<Value> {
    return this.#groups.get(group)?.values() ?? [];
  }

  put(group: string, key: string, value: Value): void {
    const values = this.#groups.get(group);
    if (values === undefined) this.#groups.set(group, new Map([[key, value]]));
    else values.set(key, value);
  }

  delete(group: string, key: string): void {
    const values = this.#groups.get(group);
    values?.delete(key);
    if (values?.size === 0) this.#groups.delete(group);
  }
}
