import type {
  ApplyOptions,
  DeleteOptions,
  KubeApi,
  ListOptions,
  Manifest,
  ObjectList,
  WatchEvent,
  WatchOptions,
} from "../../kube/api.ts";
import { type Kind, type KubeObject, keyText, type ObjectKey } from "../../kube/kind.ts";

/** Passes every request on, and notes each write, as `applyStatus ManagedIdentity shop/orders`. */
export class RecordingApi implements KubeApi {
  readonly writes: string[] = [];
  readonly #api: KubeApi;
  readonly #fail: (write: string) => Error | undefined;

  /** `fail` may refuse a write with an error. */
  constructor(api: KubeApi, fail: (write: string) => Error | undefined = () => undefined) {
    this.#api = api;
    this.#fail = fail;
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#api.get(kind, key);
  }

  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    return this.#api.list(kind, options);
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    return this.#api.watch(kind, options);
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: Manifest): Promise<T> {
    this.#note("create", kind, object.metadata);
    return this.#api.create(kind, object);
  }

  async apply<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    this.#note("apply", kind, object.metadata);
    return this.#api.apply(kind, object, options);
  }

  async applyStatus<T extends KubeObject>(kind: Kind<T>, object: Manifest, options: ApplyOptions): Promise<T> {
    this.#note("applyStatus", kind, object.metadata);
    return this.#api.applyStatus(kind, object, options);
  }

  async delete(kind: Kind, key: ObjectKey, options?: DeleteOptions): Promise<void> {
    this.#note("delete", kind, key);
    return this.#api.delete(kind, key, options);
  }

  #note(verb: string, { kind }: Kind, key: ObjectKey): void {
    const write = `${verb} ${kind} ${keyText(key)}`;
    this.writes.push(write);
    const error = this.#fail(write);
    if (error !== undefined) throw error;
  }
}
