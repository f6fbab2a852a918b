import type { KubeObject } from "../kube/kind.ts";
import type { Store } from "../kube/store.ts";

/** A store of cluster-scoped objects as the map that the rules take; it follows the store. */
export function byName<T extends KubeObject>(store: Store<T>): ReadonlyMap<string, T> {
  const objects = new Map<string, T>();
  store.subscribe(({ type, object }) => {
    if (type === "delete") objects.delete(object.metadata.name);
    else objects.set(object.metadata.name, object);
  });
  return objects;
}
