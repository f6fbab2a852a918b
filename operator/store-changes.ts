import type { KubeObject } from "../kube/kind.ts";
import type { Store, StoreChange } from "../kube/store.ts";

/** Calls for every object that is there now, and at every change from now on. */
export function onEach<T extends KubeObject>(store: Store<T>, listener: (change: StoreChange<T>) => void): void {
  for (const object of store.values()) listener({ type: "upsert", object, previous: undefined });
  store.subscribe(listener);
}

/** Whether an object came, went, began to go or became readable: all that matters to those who only name it. */
export function comesOrGoes(change: StoreChange<KubeObject>): boolean {
  if (change.type === "delete" || change.previous === undefined) return true;
  const { object, previous } = change;
  if (object.metadata.uid !== previous.metadata.uid) return true;
  const beginsToGo = object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp;
  return beginsToGo || "unusable" in object !== "unusable" in previous;
}
