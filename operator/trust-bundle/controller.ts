import { injection } from "../../identity/names.ts";
import type { ConfigMap } from "../../kube/cluster-kinds.ts";
import type { Store, StoreChange } from "../../kube/store.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { needsTrustBundle } from "../injection/indexes.ts";
import { isExcluded, isOptedIn } from "../injection/opt-in.ts";
import { hasManagedLabel } from "../managed-label.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import type { Workload } from "../workload-identity/workload.ts";
import { contentOf, removeTrustBundle, writeTrustBundle } from "./config-map.ts";
import { trustBundleStep } from "./reconcile.ts";
import type { TrustBundle } from "./trust-bundle.ts";

interface TrustBundles {
  readonly trustBundle: TrustBundle;
  /** The ConfigMaps of this name in all namespaces. */
  readonly configMaps: Store<ConfigMap>;
  /** The namespace that Lanyard is installed in. */
  readonly installedIn: string;
}

/** After the last pod of a namespace has gone: the next may come soon, and would wait for its bundle. */
const REMOVAL_DELAY_MS = 60_000;

/** Keeps the trust bundle in each namespace whose pods may mount it. */
export function startTrustBundleController(context: Context, bundles: TrustBundles): WorkQueue {
  const { api, watches } = context;
  const configMapIn = (namespace: string): ConfigMap | undefined =>
    bundles.configMaps.get({ namespace, name: injection.trustBundle });

  const queue = startQueue(context, "trust-bundle", async (name) => {
    const [configMap, trustBundle] = [configMapIn(name), bundles.trustBundle.pem()];
    const step = trustBundleStep({
      ...{ trustBundle, ...facts(name) },
      configMap: configMap && {
        ...{ content: contentOf(configMap), isOurs: hasManagedLabel(configMap) },
        isImmutable: configMap.immutable === true,
      },
    });
    if (step === "write" && trustBundle !== undefined) await writeTrustBundle(api, name, trustBundle);
    if (step === "delete" && configMap !== undefined) await removeTrustBundle(api, configMap);
  });

  function facts(name: string): { readonly isDeleting: boolean; readonly isNeeded: boolean } {
    const namespace = watches.namespaces.get({ name });
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined)
      return { isDeleting: true, isNeeded: false };
    if (isExcluded(name, bundles.installedIn)) return { isDeleting: false, isNeeded: false };
    return { isDeleting: false, isNeeded: isOptedIn(namespace) || holdsSidecars(context, name) };
  }

  const isInPlace = (namespace: string): boolean => {
    const configMap = configMapIn(namespace);
    return configMap !== undefined && contentOf(configMap) === bundles.trustBundle.pem();
  };

  onEach(watches.namespaces, ({ object }) => queue.add(object.metadata.name));
  onEach(bundles.configMaps, ({ object }) => queue.add(object.metadata.namespace));
  bundles.trustBundle.onChange(() => {
    for (const { metadata } of watches.namespaces.values()) queue.add(metadata.name);
  });
  for (const store of watches.workloads.values()) {
    onEach(store, (change) => {
      const { namespace } = change.object.metadata;
      // Most of what happens to a pod happens where the bundle is already: that must cost nothing.
      if (begins(change) && !isInPlace(namespace)) queue.add(namespace);
      else if (ends(change)) queue.addAfter(namespace, REMOVAL_DELAY_MS);
    });
  }
  return queue;
}

function holdsSidecars({ watches }: Pick<Context, "watches">, namespace: string): boolean {
  return [...watches.workloads.values()].some((store) => store.by("namespaceOfSidecar", namespace).length > 0);
}

const begins = (change: StoreChange<Workload>): boolean => change.type === "upsert" && needsTrustBundle(change.object);

function ends(change: StoreChange<Workload>): boolean {
  if (change.type === "delete") return needsTrustBundle(change.object);
  return change.previous !== undefined && needsTrustBundle(change.previous) && !needsTrustBundle(change.object);
}
