import type { KubeObject, ObjectKey } from "../kube/kind.ts";
import type { Indexes, Store } from "../kube/store.ts";
import { isUsable, type Stored } from "../kube/stored.ts";

/** What decisions see of a store: an object that breaks a rule is not there, so it gives nothing to anybody. */
export interface UsableObjects<T> {
  get(key: ObjectKey): T | undefined;
  /** The objects for which an index gave this value, or the first `most` of them. Throws when there is no such index. */
  by(index: string, value: string, most?: number): T[];
}

export function usableObjects<T extends KubeObject>(store: Pick<Store<Stored<T>>, "get" | "by">): UsableObjects<T> {
  return {
    get(key) {
      const object = store.get(key);
      return object !== undefined && isUsable(object) ? object : undefined;
    },
    by: (index, value, most) => store.by(index, value, most).filter(isUsable),
  };
}

/** An object that breaks a rule stands under no value. */
export function usableIndexes<T extends KubeObject>(indexes: Indexes<T>): Indexes<Stored<T>> {
  const ofUsable = ([name, valuesOf]: [string, Indexes<T>[string]]) =>
    [name, (object: Stored<T>) => (isUsable(object) ? valuesOf(object) : [])] as const;
  return Object.fromEntries(Object.entries(indexes).map(ofUsable));
}
