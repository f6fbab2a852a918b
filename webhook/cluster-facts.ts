import { canonicalAudience } from "../identity/audience.ts";
import type { ManagedIdentity } from "../identity/managed-identity.ts";
import { labels, OPENSHIFT_USER_RANGE, TENANT_NAMESPACE } from "../identity/names.ts";
import type { ProtectedResource } from "../identity/protected-resource.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { type Informer, startInformer } from "../kube/informer.ts";
import { kept } from "../kube/kept.ts";
import type { Kind, KubeObject } from "../kube/kind.ts";
import { managedIdentities, namespaces, protectedResources, roleDefinitions, serviceAccounts } from "../kube/kinds.ts";
import type { Log } from "../kube/log.ts";
import { limitRanges, resourceQuotas } from "../kube/policy-kinds.ts";
import type { Indexes, Store } from "../kube/store.ts";
import { isUsable, type Stored, stored } from "../kube/stored.ts";
import { namespaceMesh } from "./inject/mesh.ts";
import { nodes } from "./nodes/node-kind.ts";

const audiencesOf = (resource: Stored<ProtectedResource>): readonly string[] =>
  isUsable(resource) ? resource.spec.audiences : [];

const OLD = "old";

const byNamespace: Indexes<KubeObject> = { namespace: ({ metadata }) => [metadata.namespace ?? ""] };

/** Everything that the webhook knows of the cluster, in memory: a decision waits for nothing. */
export function watchFacts({ api, clock, log }: { api: KubeApi; clock: Clock; log: Log }) {
  const informers: Pick<Informer<KubeObject>, "synced" | "stop">[] = [];
  const watch = <T extends KubeObject>(kind: Kind<T>, indexes: Indexes<T> = {}): Store<T> => {
    const informer = startInformer(api, kept(kind), { clock, indexes, log });
    informers.push(informer);
    return informer.store;
  };
  const namespaceStore = watch(namespaces);
  const stores = {
    identities: watch<Stored<ManagedIdentity>>(stored(managedIdentities), byNamespace),
    resources: watch<Stored<ProtectedResource>>(stored(protectedResources), {
      ...byNamespace,
      audience: (resource) => audiencesOf(resource).map(canonicalAudience),
    }),
    roles: watch(stored(roleDefinitions)),
    serviceAccounts: watch(serviceAccounts, byNamespace),
    limitRanges: watch(limitRanges, byNamespace),
    quotas: watch(resourceQuotas, byNamespace),
    nodes: watch(nodes, { old: ({ old }) => (old === undefined ? [] : [OLD]) }),
  };
  return {
    ...stores,
    synced: Promise.all(informers.map(({ synced }) => synced)).then(() => {}),
    namespace(name: string) {
      const metadata = namespaceStore.get({ name })?.metadata;
      return {
        name,
        optedIn: metadata?.labels?.[labels.inject] === "enabled",
        terminating: metadata?.deletionTimestamp !== undefined,
        resources: {
          annotations: metadata?.annotations ?? {},
          limitRanges: stores.limitRanges.by("namespace", name),
          quotas: stores.quotas.by("namespace", name),
        },
        assignsUsers: metadata?.annotations?.[OPENSHIFT_USER_RANGE] !== undefined,
        mesh: namespaceMesh(metadata?.labels, metadata?.annotations),
      };
    },
    tenantId: () => namespaceStore.get({ name: TENANT_NAMESPACE })?.metadata.uid,
    /** Nodes that are too old for native sidecars. */
    oldNodes: () => stores.nodes.by(OLD, OLD),
    osOf: (name: string) => stores.nodes.get({ name })?.os,
    audiences: {
      isRegistered: (audience: string) => stores.resources.by("audience", canonicalAudience(audience)).length > 0,
      ofNamespace: (namespace: string) => stores.resources.by("namespace", namespace).values().flatMap(audiencesOf),
    },
    stop: () => Promise.all(informers.map((informer) => informer.stop())),
  };
}

export type ClusterFacts = ReturnType<typeof watchFacts>;
