import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { type Kind, type KubeObject, keyText, type ObjectKey } from "../kube/kind.ts";
import { isStatus } from "../kube/status-error.ts";
import { isUsable, stored } from "../kube/stored.ts";
import type { UsableObjects } from "./usable-objects.ts";

export interface ObjectReader<T> {
  /** The object of that name, whatever its UID; undefined when there is none. Rejects with a StatusError when the API cannot say. */
  read(key: ObjectKey & { readonly uid: string }, suits?: (object: T) => boolean): Promise<T | undefined>;
}

const REMEMBERED_MILLISECONDS = 5_000;
const MOST_REMEMBERED = 1_000;

interface Miss<T> {
  readonly answer: T | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Reads from the store, and from the API when the store does not hold the object with this UID yet: a pod asks for its
 * first token before the watch has told of it. A UID that the API does not have either never comes back, so that
 * answer is remembered for a while, and who asks again and again for a deleted pod does not reach the API.
 */
export function objectReader<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  store: Pick<UsableObjects<T>, "get">,
  clock: Clock,
): ObjectReader<T> {
  const flights = new Map<string, Promise<T | undefined>>();
  const misses = new Map<string, Miss<T>>();

  const fetch = (key: ObjectKey, asked: string): Promise<T | undefined> => {
    const flight = flights.get(asked) ?? getOrUndefined(api, kind, key).finally(() => flights.delete(asked));
    flights.set(asked, flight);
    return flight;
  };
  const remember = (asked: string, answer: T | undefined): void => {
    if (misses.size >= MOST_REMEMBERED) misses.clear();
    misses.set(asked, { answer, until: clock.now() + REMEMBERED_MILLISECONDS });
  };

  return {
    async read({ namespace, name, uid }, suits = () => true) {
      const isAsked = (object: T): boolean => object.metadata.uid === uid && suits(object);
      const cached = store.get({ namespace, name });
      if (cached !== undefined && isAsked(cached)) return cached;
      const asked = `${keyText({ namespace, name })} ${uid}`;
      const miss = misses.get(asked);
      if (miss !== undefined && clock.now() < miss.until) return miss.answer;
      const read = await fetch({ namespace, name }, asked);
      if (read === undefined || !isAsked(read)) remember(asked, read);
      return read;
    },
  };
}

async function getOrUndefined<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  key: ObjectKey,
): Promise<T | undefined> {
  try {
    const object = await api.get(stored(kind), key);
    return isUsable(object) ? object : undefined;
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}
