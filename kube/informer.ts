import type { Random } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Kind, KubeObject } from "./kind.ts";
import type { Log } from "./log.ts";
import { type ReadApi, reflect } from "./reflector.ts";
import { type Indexes, Store } from "./store.ts";

export interface Informer<T extends KubeObject> {
  readonly store: Store<T>;
  /** Fulfilled once the store holds the first list, or the informer was stopped. */
  readonly synced: Promise<void>;
  stop(): Promise<void>;
}

export interface InformerOptions<T extends KubeObject> {
  readonly clock: Clock;
  readonly indexes?: Indexes<T>;
  readonly namespace?: string;
  /** Only the object of this name. */
  readonly name?: string;
  readonly random?: Random;
  /** Told of a failed list or watch, and of a listener of the store that threw. */
  readonly log?: Pick<Log, "warn" | "error">;
}

const nobody: Pick<Log, "warn" | "error"> = { warn() {}, error() {} };

/** A store and the reflector that fills it, until it is stopped. */
export function startInformer<T extends KubeObject>(
  api: ReadApi,
  kind: Kind<T>,
  { clock, indexes, namespace, name, random = Math.random, log = nobody }: InformerOptions<T>,
): Informer<T> {
  const what = { kind: kind.kind, ...(name === undefined ? {} : { name }) };
  const store = new Store<T>(indexes, (err) => log.error({ err, ...what }, "A listener of the store failed."));
  const stopping = new AbortController();
  const { promise: synced, resolve: onListed } = Promise.withResolvers<void>();
  const { signal } = stopping;
  const ended = reflect({
    api,
    kind,
    store,
    selected: { namespace, name },
    clock,
    random,
    signal,
    onListed,
    onError: (err) => log.warn({ err, ...what }, "The watch failed and is tried again."),
  }).then(onListed);
  return {
    store,
    synced,
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
