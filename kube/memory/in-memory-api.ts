import { v4 as randomUid } from "uuid";
import type {
  ApplyOptions,
  DeleteOptions,
  KubeApi,
  ListOptions,
  Manifest,
  ObjectList,
  WatchEvent,
  WatchOptions,
} from "../api.ts";
import type { Clock } from "../clock.ts";
import type { Kind, KubeObject, ObjectKey } from "../kind.ts";
import { EventLog } from "./event-log.ts";
import { Lifecycle, type Review } from "./lifecycle.ts";
import { ObjectStore } from "./object-store.ts";
import { deepFreeze } from "./plain-value.ts";
import { ended, notFound } from "./refusal.ts";
import { ServedKinds } from "./served-kinds.ts";
import type { StoredObject } from "./stored-object.ts";
import { watchLog } from "./watch.ts";
import { Writes } from "./writes.ts";

export interface InMemoryApiOptions {
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  /** Defaults and validates what is written, as a schema and admission do; throws a StatusError to refuse it. */
  readonly admit?: (review: Review) => Manifest;
  readonly newUid?: (kind: Kind, key: ObjectKey) => string;
  /** How many changes a watch may be behind before it must list again. */
  readonly historyLimit?: number;
}

/**
 * The Kubernetes API in memory, with the semantics that reconcilers rely on. Every write is one synchronous step, so
 * that no two interleave.
 */
export class InMemoryApi implements KubeApi {
  readonly #kinds: ServedKinds;
  readonly #store: ObjectStore;
  readonly #writes: Writes;

  constructor({
    kinds,
    clock,
    admit = ({ object }) => object,
    newUid = () => randomUid(),
    historyLimit = 10_000,
  }: InMemoryApiOptions) {
    this.#kinds = new ServedKinds(kinds);
    this.#store = new ObjectStore(new EventLog(historyLimit));
    const lifecycle = new Lifecycle({ kinds: this.#kinds, store: this.#store, clock, admit, newUid });
    this.#writes = new Writes(this.#store, lifecycle, clock);
  }

  async get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return snapshot(kind, this.#require(kind, key));
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    if (options.signal?.aborted) throw ended(kind);
    const objects = this.#store.list(this.#kinds.require(kind), options);
    return {
      items: objects.map((object) => snapshot(kind, object)),
      resourceVersion: String(this.#store.log.version),
    };
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    this.#kinds.require(kind);
    yield* watchLog(this.#store.log, kind, options, (object) => snapshot(kind, object));
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: Manifest): Promise<T> {
    return snapshot(kind, this.#writes.create(this.#kinds.require(kind), object));
  }

  async apply<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return snapshot(kind, this.#writes.apply(this.#kinds.require(kind), object, options));
  }

  async applyStatus<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    return snapshot(kind, this.#writes.applyStatus(this.#kinds.require(kind), object, options));
  }

  async delete(kind: Kind, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    this.#writes.delete(this.#kinds.require(kind), this.#require(kind, key), options);
  }

  #require(kind: Kind, key: ObjectKey): StoredObject {
    const object = this.#store.get(this.#kinds.require(kind), key);
    if (object === undefined) throw notFound(kind, key.name);
    return object;
  }
}

function snapshot<T extends KubeObject>(kind: Kind<T>, object: StoredObject): T {
  return deepFreeze(kind.parse(object));
}
