import type { KubeApi, ListOptions, ObjectList, WatchEvent, WatchOptions } from "../../kube/api.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { StatusError, type StatusReason } from "../../kube/status-error.ts";

type Reading = "list" | "watch";

/** An API whose lists and watches break as a test says: the network and the server between a reflector and the truth. */
export class FlakyApi implements Pick<KubeApi, Reading> {
  readonly calls: Reading[] = [];
  readonly #api: KubeApi;
  readonly #failures: { readonly of: Reading; readonly reason: StatusReason; readonly retryAfterSeconds?: number }[] =
    [];
  #connection = new AbortController();
  #flowing: Promise<void> = Promise.resolve();
  #flow: () => void = () => {};

  constructor(api: KubeApi) {
    this.#api = api;
  }

  /** The next call of that kind fails so. */
  failNext(of: Reading, reason: StatusReason, retryAfterSeconds?: number): void {
    this.#failures.push({ of, reason, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
  }

  /** The server closes every open watch, as it does every few minutes. */
  closeWatches(): void {
    this.#connection.abort();
    this.#connection = new AbortController();
  }

  /** Open watches deliver nothing until `flow`. */
  stall(): void {
    this.flow();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#flowing = promise;
    this.#flow = resolve;
  }

  flow(): void {
    this.#flow();
  }

  async list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    this.#begin("list");
    return this.#api.list(kind, options);
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    this.#begin("watch");
    const signal = AbortSignal.any([options.signal, this.#connection.signal]);
    for await (const event of this.#api.watch(kind, { ...options, signal })) {
      await this.#flowing;
      yield event;
    }
  }

  #begin(call: Reading): void {
    this.calls.push(call);
    const index = this.#failures.findIndex(({ of }) => of === call);
    const [failure] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (failure !== undefined) throw new StatusError(failure.reason, "as the test said", failure.retryAfterSeconds);
  }
}
