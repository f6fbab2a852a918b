import { type KubeObject, keyText } from "../kube/kind.ts";
import type { Log } from "../kube/log.ts";
import type { Store } from "../kube/store.ts";

/** Logs each object that breaks a rule (an earlier or a later version may have stored it), once for each thing that is wrong. */
export function reportUnusable<T extends KubeObject>(store: Pick<Store<T>, "subscribe">, log: Pick<Log, "warn">): void {
  store.subscribe((change) => {
    const problem = change.type === "delete" ? undefined : problemOf(change.object);
    if (change.type === "delete" || problem === undefined || problem === problemOf(change.previous)) return;
    const { kind, metadata } = change.object;
    log.warn({ kind, object: keyText(metadata), problem }, "an object cannot be used and gives nothing");
  });
}

function problemOf(object: KubeObject | undefined): string | undefined {
  if (object === undefined || !("unusable" in object)) return undefined;
  return String(object.unusable);
}
