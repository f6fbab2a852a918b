import type { KubeObject } from "../kube/kind.ts";
import type { Store } from "../kube/store.ts";
import { isUsable, type Stored } from "../kube/stored.ts";

/** The usable ones of a store of cluster-scoped objects, as the map that the rules take; it follows the store. */
export function byName<T extends KubeObject>(store: Store<Stored<T>>): ReadonlyMap<string, T> {
  const objects = new Map<string, T>();
  store.subscribe(({ type, object }) => {
    if (type === "delete" || !isUsable(object)) objects.delete(object.metadata.name);
    else objects.set(object.metadata.name, object);
  });
  return objects;
}
