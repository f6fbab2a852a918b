import type { KubeApi } from "./api.ts";
import type { Clock } from "./clock.ts";
import { startInformer } from "./informer.ts";
import type { Kind, KubeObject, ObjectKey } from "./kind.ts";
import type { Log } from "./log.ts";

/** One object, watched by name, because the right to the others of its kind is not ours. */
export interface WatchedObject<T extends KubeObject> {
  readonly key: ObjectKey;
  /** As it is now; undefined when there is none. */
  get(): T | undefined;
  /** Calls when it came, changed or went. */
  onChange(listener: () => void): void;
  readonly synced: Promise<void>;
  stop(): Promise<void>;
}

interface Watching {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
}

export function watchObject<T extends KubeObject>(
  { api, clock, log }: Watching,
  kind: Kind<T>,
  key: ObjectKey,
): WatchedObject<T> {
  const { namespace, name } = key;
  const informer = startInformer(api, kind, {
    ...{ clock, log, name, ...(namespace === undefined ? {} : { namespace }) },
  });
  return {
    key,
    get: () => informer.store.get(key),
    onChange: (listener) => void informer.store.subscribe(listener),
    synced: informer.synced,
    stop: () => informer.stop(),
  };
}
