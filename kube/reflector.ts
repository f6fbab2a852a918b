import type { KubeApi, ListOptions, WatchEvent } from "./api.ts";
import { type Backoff, fullJitter, type Random } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Kind, KubeObject, ObjectKey } from "./kind.ts";
import { sleep } from "./sleep.ts";
import { isStatus, StatusError } from "./status-error.ts";
import type { Store } from "./store.ts";

/** Reading is all that a reflector may do. */
export type ReadApi = Pick<KubeApi, "list" | "watch">;

interface Reflection<T extends KubeObject> {
  readonly api: ReadApi;
  readonly kind: Kind<T>;
  readonly store: Store<T>;
  readonly selected: ListOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Called after each list: from then on the store is what the API server holds. */
  readonly onListed: () => void;
  readonly onError: (error: unknown) => void;
}

const BACKOFF: Backoff = { base: 800, cap: 30_000 };

/**
 * Keeps a store equal to the API server: one list, then a watch that resumes where it broke off. A version too old to
 * resume from (410) means a new list; every other error means a later attempt. Ends only when the signal aborts.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function reflect<T extends KubeObject>(reflection: Reflection<T>): Promise<void> {
  const { clock, random, signal } = reflection;
  let position: string | undefined;
  let attempt = 0;
  while (!signal.aborted) {
    const round = await listAndWatch(reflection, position);
    position = round.position;
    if (round.progress) attempt = 0;
    else await sleep(clock, Math.max(fullJitter(BACKOFF, attempt++, random), round.retryAfterMilliseconds), signal);
  }
}

interface Round {
  /** The resourceVersion to go on from; undefined: list again. */
  readonly position: string | undefined;
  /** Without progress the next round waits, so that a server which closes every watch at once is not hammered. */
  readonly progress: boolean;
  readonly retryAfterMilliseconds: number;
}

async function listAndWatch<T extends KubeObject>(reflection: Reflection<T>, from: string | undefined): Promise<Round> {
  const { api, kind, selected, signal, clock } = reflection;
  const start = clock.now();
  let position = from;
  let received = 0;
  try {
    position ??= await list(reflection);
    for await (const event of api.watch(kind, { ...selected, resourceVersion: position, signal })) {
      position = receive(reflection.store, event);
      received++;
    }
    return { position, progress: received > 0 || clock.now() - start >= BACKOFF.base, retryAfterMilliseconds: 0 };
  } catch (error) {
    // To learn that a position is lost is progress, unless it is the one that this round listed.
    if (isStatus(error, "Expired"))
      return { position: undefined, progress: from !== undefined, retryAfterMilliseconds: 0 };
    if (!signal.aborted) reflection.onError(error);
    return { position, progress: false, retryAfterMilliseconds: retryAfter(error) };
  }
}

async function list<T extends KubeObject>(reflection: Reflection<T>): Promise<string> {
  const { api, kind, store, selected, signal, onListed } = reflection;
  const { items, resourceVersion } = await api.list(kind, { ...selected, signal });
  store.replace(items);
  onListed();
  return resourceVersion;
}

/** Returns the version that the store now stands at. */
function receive<T extends KubeObject>(store: Store<T>, event: WatchEvent<T>): string {
  switch (event.type) {
    case "BOOKMARK":
      return event.resourceVersion;
    case "UNREADABLE":
      forget(store, event.key);
      return event.resourceVersion;
    case "DELETED":
      store.delete(event.object);
      return event.object.metadata.resourceVersion;
    default:
      store.upsert(event.object);
      return event.object.metadata.resourceVersion;
  }
}

/** As a list leaves the object out: a right that it once gave must not outlive it. */
function forget<T extends KubeObject>(store: Store<T>, key: ObjectKey): void {
  const known = store.get(key);
  if (known !== undefined) store.delete(known);
}

function retryAfter(error: unknown): number {
  return error instanceof StatusError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
}
