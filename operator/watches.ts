import { workloadKinds } from "../identity/managed-identity.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { groupOf } from "../kube/custom-workloads.ts";
import { startInformer } from "../kube/informer.ts";
import { kept } from "../kube/kept.ts";
import type { Kind } from "../kube/kind.ts";
import {
  clusterRoleAssignments,
  managedIdentities,
  namespaces,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
  tokenRevocations,
} from "../kube/kinds.ts";
import type { Log } from "../kube/log.ts";
import type { Store } from "../kube/store.ts";
import { stored } from "../kube/stored.ts";
import { storedResources } from "../kube/stored-resource.ts";
import { injectionIndexes } from "./injection/indexes.ts";
import { managedIdentityIndexes } from "./managed-identity/indexes.ts";
import { protectedResourceIndexes } from "./protected-resource/indexes.ts";
import { roleAssignmentIndexes } from "./role-assignment/indexes.ts";
import { tokenRevocationIndexes } from "./token-revocation/indexes.ts";
import { workloadIndexes } from "./workload-identity/indexes.ts";
import { type Workload, watchedCustomWorkload, watchedWorkload } from "./workload-identity/workload.ts";

interface Watching {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Kinds besides Kubernetes' own whose objects own pods. */
  readonly customWorkloads?: readonly Kind[] | undefined;
}

/** The watched kind that an owner reference means, in whatever version. Other API groups have kinds of the same names. */
export function knownKind(
  { apiVersion, kind }: Pick<Kind, "apiVersion" | "kind">,
  { workloadKinds }: { readonly workloadKinds: ReadonlyMap<string, Kind> },
): Kind | undefined {
  const known = workloadKinds.get(kind);
  return known !== undefined && groupOf(known.apiVersion) === groupOf(apiVersion) ? known : undefined;
}

/** Everything that the operator watches: one informer a kind, shared by all controllers. */
export function startWatches({ api, clock, log, customWorkloads = [] }: Watching) {
  const common = { clock, log };
  const informers = {
    managedIdentities: startInformer(api, kept(stored(managedIdentities)), {
      ...common,
      indexes: managedIdentityIndexes,
    }),
    roleDefinitions: startInformer(api, kept(stored(roleDefinitions)), common),
    roleAssignments: startInformer(api, kept(stored(roleAssignments)), {
      ...common,
      indexes: roleAssignmentIndexes,
    }),
    clusterRoleAssignments: startInformer(api, kept(stored(clusterRoleAssignments)), {
      ...common,
      indexes: roleAssignmentIndexes,
    }),
    protectedResources: startInformer(api, kept(storedResources), {
      ...common,
      indexes: protectedResourceIndexes,
    }),
    tokenRevocations: startInformer(api, kept(stored(tokenRevocations)), {
      ...common,
      indexes: tokenRevocationIndexes,
    }),
    serviceAccounts: startInformer(api, kept(serviceAccounts), common),
    namespaces: startInformer(api, kept(namespaces), common),
  };
  const watched = [...workloadKinds.map(watchedWorkload), ...customWorkloads.map(watchedCustomWorkload)];
  const indexes = { ...workloadIndexes, ...injectionIndexes };
  const ofWorkloads = watched.map((kind) => [kind.kind, startInformer(api, kind, { ...common, indexes })] as const);
  const all = [...Object.values(informers), ...ofWorkloads.map(([, informer]) => informer)];
  return {
    managedIdentities: informers.managedIdentities.store,
    roleDefinitions: informers.roleDefinitions.store,
    roleAssignments: informers.roleAssignments.store,
    clusterRoleAssignments: informers.clusterRoleAssignments.store,
    protectedResources: informers.protectedResources.store,
    tokenRevocations: informers.tokenRevocations.store,
    serviceAccounts: informers.serviceAccounts.store,
    namespaces: informers.namespaces.store,
    workloads: new Map<string, Store<Workload>>(ofWorkloads.map(([kind, { store }]) => [kind, store])),
    workloadKinds: new Map<string, Kind>(watched.map((kind) => [kind.kind, kind])),
    synced: Promise.all(all.map(({ synced }) => synced)),
    stop: () => Promise.all(all.map((informer) => informer.stop())),
  };
}

export type Watches = ReturnType<typeof startWatches>;
