import { annotations } from "../../identity/names.ts";
import type { KubeApi, Manifest } from "../../kube/api.ts";
import type { Pod, PodTemplate, ServiceAccount } from "../../kube/core-objects.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { jobs, pods, replicaSets, serviceAccounts, workloads } from "../../kube/kinds.ts";
import { ensureNamespace, find } from "./apply-manifests.ts";
import type { WorkloadReference } from "./workload-reference.ts";
import { podTemplateOf } from "./workload-template.ts";

/** A pod as the cluster's controllers and kubelet would have made it, with the ServiceAccount that it runs as. */
export interface RunningPod {
  readonly pod: Pod;
  readonly serviceAccount: ServiceAccount;
}

const NODE = "laptop";

/** Makes what a reference names when no file does, so that `lanyard dev --as shop/orders` needs no file. Says what it made. */
export async function ensureReferenced(api: KubeApi, reference: WorkloadReference): Promise<string | undefined> {
  const { namespace, name } = reference;
  await ensureNamespace(api, namespace);
  const kind = reference.by === "serviceAccount" ? serviceAccounts : workloads[reference.kind];
  if ((await find<KubeObject>(api, kind, { namespace, name })) !== undefined) return undefined;
  const turnedOn = reference.by === "workload" ? { annotations: { [annotations.systemAssigned]: "true" } } : {};
  await api.create<KubeObject>(kind, { ...header(kind), metadata: { namespace, name, ...turnedOn }, spec: {} });
  const what = reference.by === "workload" ? `${kind.kind} with a system-assigned identity` : kind.kind;
  return `no file has ${kind.kind} ${namespace}/${name}: made a ${what} of that name`;
}

/** The pod of a reference, made if need be; undefined while what it names does not exist. */
export async function ensurePod(api: KubeApi, reference: WorkloadReference): Promise<RunningPod | undefined> {
  const pod = reference.by === "serviceAccount" ? await barePod(api, reference) : await workloadPod(api, reference);
  if (pod === undefined) return undefined;
  const serviceAccount = await ensureServiceAccount(api, pod.metadata.namespace, pod.spec.serviceAccountName);
  return { pod, serviceAccount };
}

async function barePod(api: KubeApi, { namespace, name }: WorkloadReference): Promise<Pod | undefined> {
  if ((await find(api, serviceAccounts, { namespace, name })) === undefined) return undefined;
  return ensure(api, pods, podManifest({ namespace, name: `${name}-dev` }, { spec: { serviceAccountName: name } }));
}

type ByWorkload = Extract<WorkloadReference, { by: "workload" }>;

async function workloadPod(api: KubeApi, { namespace, kind, name }: ByWorkload): Promise<Pod | undefined> {
  const workload = await find<KubeObject>(api, workloads[kind], { namespace, name });
  if (workload === undefined) return undefined;
  if (kind === "Pod") return schedule(api, pods.parse(workload));
  const between = { Deployment: replicaSets, CronJob: jobs } as const;
  const middle = kind === "Deployment" || kind === "CronJob" ? between[kind] : undefined;
  const template = (await podTemplateOf(api, kind, { namespace, name })) ?? {};
  const owner =
    middle === undefined
      ? workload
      : await ensure<KubeObject>(api, middle, ownedManifest(middle, workload, { template }));
  return ensure(api, pods, podManifest(ownedManifest(pods, owner, {}).metadata, template));
}

/** The scheduler's part: the issuer believes no pod that has no node. */
async function schedule(api: KubeApi, pod: Pod): Promise<Pod> {
  if (pod.spec.nodeName !== undefined) return pod;
  const { namespace, name } = pod.metadata;
  const manifest = { ...header(pods), metadata: { namespace, name }, spec: { nodeName: NODE } };
  return api.apply(pods, manifest, { fieldManager: "lanyard-dev-scheduler", force: true });
}

async function ensureServiceAccount(api: KubeApi, namespace: string, name: string): Promise<ServiceAccount> {
  return ensure(api, serviceAccounts, { ...header(serviceAccounts), metadata: { namespace, name } });
}

async function ensure<T extends KubeObject>(api: KubeApi, kind: Kind<T>, manifest: Manifest): Promise<T> {
  const { namespace, name } = manifest.metadata;
  return (await find(api, kind, { namespace, name })) ?? (await api.create(kind, manifest));
}

/** Named after its owner's UID: the child of a workload that was made again is another one. */
function ownedManifest(kind: Kind, owner: KubeObject, spec: Record<string, unknown>): Manifest {
  const { namespace, name, uid } = owner.metadata;
  const reference = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    ...header(kind),
    metadata: { namespace, name: `${name}-${uid.slice(0, 5)}`, ownerReferences: [reference] },
    spec,
  };
}

function podManifest(metadata: Manifest["metadata"], template: PodTemplate): Manifest {
  return {
    ...header(pods),
    metadata: { ...metadata, ...template.metadata },
    spec: { serviceAccountName: template.spec?.serviceAccountName ?? "default", nodeName: NODE },
  };
}

const header = ({ apiVersion, kind }: Kind): Pick<Kind, "apiVersion" | "kind"> => ({ apiVersion, kind });
