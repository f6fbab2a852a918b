import type { AccessIndex } from "../identity/access-index.ts";
import { type TenantId, tenantId } from "../identity/ids.ts";
import type { ManagedIdentity } from "../identity/managed-identity.ts";
import { TENANT_NAMESPACE } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import type { Pod, ServiceAccount } from "../kube/core-objects.ts";
import { type Informer, startInformer } from "../kube/informer.ts";
import { kept, metadataOnly } from "../kube/kept.ts";
import { type Kind, type KubeObject, keyText, type ObjectKey } from "../kube/kind.ts";
import {
  clusterRoleAssignments,
  managedIdentities,
  namespaces,
  pods,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
  tokenRevocations,
  workloads,
} from "../kube/kinds.ts";
import type { Log } from "../kube/log.ts";
import type { Indexes, Store } from "../kube/store.ts";
import { type Stored, stored } from "../kube/stored.ts";
import { audiencesOf, storedResources } from "../kube/stored-resource.ts";
import { type AudienceOwners, watchAudienceOwners } from "./audience-owners.ts";
import { type ControllerChain, controllerChain, type ReadOwner } from "./controller-chain.ts";
import { customOwners } from "./custom-owners.ts";
import { identityIndexes } from "./identity-indexes.ts";
import { issuerLimits } from "./limits.ts";
import { type ObjectReader, objectReader } from "./object-reader.ts";
import { podAddressIndexes } from "./pod-addresses.ts";
import { podFactsReader, type ReadPodFacts } from "./pod-request-facts.ts";
import { reportUnusable } from "./report-unusable.ts";
import { type Revocations, revocationIndexes, revocationsIn } from "./revocation/revocations.ts";
import { type EndedPods, watchEndedPods } from "./status-list/ended-pods.ts";
import { usableIndexes, usableObjects } from "./usable-objects.ts";
import { watchAccess } from "./watch-access.ts";

/** What decisions are made from. Only what concerns a request is looked at, by index; nothing is scanned. */
export interface ClusterState {
  /** Fulfilled once every store holds its first list. */
  readonly synced: Promise<void>;
  /** Undefined until the cluster has been read: nothing can be decided before. */
  readonly tenantId: () => TenantId | undefined;
  /** UID of the namespace that has this name now. */
  readonly namespaceUid: (name: string) => string | undefined;
  readonly pods: ObjectReader<Pod>;
  /** The pod that has the name now, as far as the watch has told. */
  readonly podNamed: (key: Required<ObjectKey>) => Pod | undefined;
  /** What conditions may ask of a pod. */
  readonly podFacts: ReadPodFacts;
  /** The running pods that have this address for themselves; `nodesAt`: the names of the nodes that have it. */
  readonly podsAt: (address: string) => readonly Pod[];
  readonly nodesAt: (address: string) => ReadonlySet<string | undefined>;
  /** The pods of a ServiceAccount. */
  readonly podsWith: (account: Required<ObjectKey>) => readonly Pod[];
  readonly endedPods: EndedPods;
  readonly serviceAccounts: ObjectReader<ServiceAccount>;
  readonly serviceAccountNamed: (key: Required<ObjectKey>) => ServiceAccount | undefined;
  readonly controllerChain: (pod: Pod) => Promise<ControllerChain>;
  /** Identities of its namespace, up to a limit, whose subjects or workload name this ServiceAccount or one of these UIDs; the rules decide further. */
  readonly identitiesNaming: (account: Required<ObjectKey>, chain: ReadonlySet<string>) => ManagedIdentity[];
  readonly identity: {
    readonly withPrincipalId: (id: string) => ManagedIdentity | undefined;
    readonly withClientId: (id: string) => ManagedIdentity | undefined;
    readonly named: (key: ObjectKey) => ManagedIdentity | undefined;
  };
  /** Who may do what where. */
  readonly access: Pick<AccessIndex, "decide" | "grantsAt" | "grantsBelow" | "nearestMiss" | "resourcesOf">;
  readonly audienceOwners: AudienceOwners;
  readonly revocations: Revocations;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly stop: () => Promise<void>;
}

export interface ClusterStateOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** The kinds besides Kubernetes' own whose objects own pods, as the API server serves them now. */
  readonly customWorkloads?: (() => readonly Kind[]) | undefined;
}

export function watchCluster({ api, clock, log, customWorkloads = () => [] }: ClusterStateOptions): ClusterState {
  const informers: Pick<Informer<KubeObject>, "synced" | "stop">[] = [];
  const start = <T extends KubeObject>(kind: Kind<T>, indexes: Indexes<T>): Store<T> => {
    const informer = startInformer(api, kind, { clock, indexes, log });
    informers.push(informer);
    reportUnusable(informer.store, log);
    return informer.store;
  };
  const watch = <T extends KubeObject>(kind: Kind<T>, indexes: Indexes<T> = {}): Store<Stored<T>> =>
    start(kept(stored(kind)), usableIndexes(indexes));
  const reader = <T extends KubeObject>(kind: Kind<T>): ObjectReader<T> =>
    objectReader(api, kept(kind), usableObjects(watch(kind)), clock);

  const podStore = watch(pods, { ...podAddressIndexes, account: accountOf });
  const podObjects = usableObjects(podStore);
  const accounts = usableObjects(watch(serviceAccounts));
  const owners: Readonly<Record<string, { kind: Kind; reader: ObjectReader<KubeObject> }>> = {
    Deployment: { kind: workloads.Deployment, reader: reader(metadataOnly(workloads.Deployment)) },
    StatefulSet: { kind: workloads.StatefulSet, reader: reader(metadataOnly(workloads.StatefulSet)) },
    DaemonSet: { kind: workloads.DaemonSet, reader: reader(metadataOnly(workloads.DaemonSet)) },
    ReplicaSet: { kind: workloads.ReplicaSet, reader: reader(metadataOnly(workloads.ReplicaSet)) },
    Job: { kind: workloads.Job, reader: reader(metadataOnly(workloads.Job)) },
    CronJob: { kind: workloads.CronJob, reader: reader(metadataOnly(workloads.CronJob)) },
  };
  const custom = customOwners({ api, clock, kinds: customWorkloads });
  const readOwner: ReadOwner = async ({ apiVersion, kind, name, uid }, namespace) => {
    const owner = Object.hasOwn(owners, kind) ? owners[kind] : undefined;
    const known = owner?.kind.apiVersion === apiVersion ? owner.reader : custom.readerOf({ apiVersion, kind });
    return known === undefined ? "unknown" : known.read({ namespace, name, uid });
  };
  const namespaceStore = watch(namespaces);
  const identities = usableObjects(watch(managedIdentities, identityIndexes));
  const access = watchAccess({
    roleAssignments: watch(roleAssignments),
    clusterRoleAssignments: watch(clusterRoleAssignments),
    roleDefinitions: watch(roleDefinitions),
    namespaces: namespaceStore,
  });
  const revocationStore = start(kept(stored(tokenRevocations)), revocationIndexes);
  const resources = start(kept(storedResources), { audience: audiencesOf });

  let read = false;
  const synced = Promise.all(informers.map((informer) => informer.synced)).then(() => {
    read = true;
  });

  return {
    synced,
    tenantId() {
      const namespace = read ? namespaceStore.get({ name: TENANT_NAMESPACE }) : undefined;
      return namespace === undefined ? undefined : tenantId(namespace.metadata.uid);
    },
    namespaceUid: (name) => namespaceStore.get({ name })?.metadata.uid,
    pods: objectReader(api, kept(pods), podObjects, clock),
    podNamed: (key) => podObjects.get(key),
    podFacts: podFactsReader(api, clock),
    podsAt: (address) => podObjects.by("address", address),
    nodesAt: (address) => new Set(podObjects.by("nodeAddress", address).map(({ spec }) => spec.nodeName)),
    podsWith: (account) => podObjects.by("account", keyText(account)),
    endedPods: watchEndedPods(podStore, clock),
    serviceAccounts: objectReader(api, kept(serviceAccounts), accounts, clock),
    serviceAccountNamed: (key) => accounts.get(key),
    controllerChain: (pod) => controllerChain(pod, readOwner),
    identitiesNaming: ({ namespace, name }, chain) => [
      ...identities.by("subject", `${namespace}/${name}`, issuerLimits.identitiesOfAPod),
      ...[...chain].flatMap((uid) => identities.by("workload", uid, issuerLimits.identitiesOfAPod)),
    ],
    identity: {
      withPrincipalId: (id) => identities.by("principalId", id.toLowerCase())[0],
      withClientId: (id) => identities.by("clientId", id.toLowerCase())[0],
      named: (key) => identities.get(key),
    },
    access,
    audienceOwners: watchAudienceOwners(resources, "audience"),
    revocations: revocationsIn(revocationStore),
    now: () => clock.now(),
    async stop() {
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}

const accountOf = ({ metadata: { namespace }, spec: { serviceAccountName } }: Pod): string[] => [
  keyText({ namespace, name: serviceAccountName }),
];
