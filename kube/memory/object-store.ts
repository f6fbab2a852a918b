import type { ListOptions } from "../api.ts";
import { type Kind, keyText, type ObjectKey } from "../kind.ts";
import { StoreIndex } from "../store-index.ts";
import type { EventLog, LogEntry } from "./event-log.ts";
import { deepFreeze } from "./plain-value.ts";
import type { StoredObject } from "./stored-object.ts";

/** The API server's storage: the objects of all kinds under one growing resourceVersion. Knows no rules. */
export class ObjectStore {
  readonly log: EventLog;
  readonly #tables = new Map<string, Map<string, StoredObject>>();
  readonly #dependents = new StoreIndex<StoredObject>(({ metadata }) =>
    (metadata.ownerReferences ?? []).map(({ uid }) => uid),
  );

  constructor(log: EventLog) {
    this.log = log;
  }

  get(kind: Kind, key: ObjectKey): StoredObject | undefined {
    return this.#table(kind).get(keyText(key));
  }

  /** In the order of their keys, as the API server lists. */
  list(kind: Kind, selected: ListOptions = {}): readonly StoredObject[] {
    const objects = [...this.#table(kind)].filter(([, object]) => isSelected(object, selected));
    return objects.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
  }

  has(kind: Kind, namespace: string): boolean {
    return this.#table(kind)
      .values()
      .some(({ metadata }) => metadata.namespace === namespace);
  }

  /** The objects that name an owner by this UID. */
  dependents(ownerUid: string): readonly StoredObject[] {
    return this.#dependents.find(ownerUid);
  }

  put(kind: Kind, object: StoredObject): StoredObject {
    const key = keyText(object.metadata);
    const previous = this.#table(kind).get(key);
    const stored = this.#record(kind, previous === undefined ? "ADDED" : "MODIFIED", object);
    if (previous !== undefined) this.#dependents.remove(previous);
    this.#dependents.insert(stored);
    this.#table(kind).set(key, stored);
    return stored;
  }

  remove(kind: Kind, object: StoredObject): void {
    this.#table(kind).delete(keyText(object.metadata));
    this.#dependents.remove(object);
    this.#record(kind, "DELETED", object);
  }

  #record(kind: Kind, type: LogEntry["type"], object: StoredObject): StoredObject {
    const metadata = { ...object.metadata, resourceVersion: String(this.log.version + 1) };
    const stored = deepFreeze({ ...object, metadata });
    this.log.append({ type, kind, object: stored });
    return stored;
  }

  #table({ apiVersion, kind }: Kind): Map<string, StoredObject> {
    const name = `${apiVersion}/${kind}`;
    const table = this.#tables.get(name) ?? new Map<string, StoredObject>();
    this.#tables.set(name, table);
    return table;
  }
}

/** Whether a list or a watch with these options shows the object. */
export function isSelected({ metadata }: StoredObject, { namespace, name }: ListOptions): boolean {
  return (
    (namespace === undefined || metadata.namespace === namespace) && (name === undefined || metadata.name === name)
  );
}
