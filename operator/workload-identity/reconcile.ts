import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { API_VERSION, annotations } from "../../identity/names.ts";
import { type Finding, findings } from "../../identity/reasons.ts";
import type { Manifest } from "../../kube/api.ts";
import { keyText } from "../../kube/kind.ts";
import { identityName } from "./identity-name.ts";
import { optIn } from "./opt-in.ts";
import type { Workload } from "./workload.ts";

export interface Observed {
  readonly workload: Workload | undefined;
  /** `Deployment shop/web`, whether or not it exists. */
  readonly workloadText: string;
  /** The system-assigned identities of workloads of this kind and name, of this one or of an earlier one. */
  readonly identities: readonly ManagedIdentity[];
  /** Whether some other ManagedIdentity has the name that this workload's would have. */
  readonly nameIsTaken: boolean;
}

export interface Desired {
  readonly create?: Manifest;
  readonly remove: readonly ManagedIdentity[];
  /** Why they are removed. */
  readonly because: Finding;
  /** What a person must put right on the workload. */
  readonly warning?: Finding;
}

export function reconcileWorkloadIdentity(observed: Observed): Desired {
  const { workload, workloadText, identities } = observed;
  const living = identities.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (workload === undefined) return { remove: living, because: findings.WorkloadGone(workloadText) };

  const [own, others] = partition(living, (identity) => belongsTo(identity, workload));
  const gone = { remove: others, because: findings.WorkloadGone(`An earlier ${workloadText}`) };
  const wish = optIn(workload);
  switch (wish.kind) {
    case "unwanted":
      return { remove: living, because: findings.AnnotationRemoved(workloadText) };
    case "unreadable":
      return { ...gone, warning: findings.AnnotationInvalid(annotations.systemAssigned, wish.value) };
    case "wanted":
      return own.length > 0 ? gone : { ...gone, ...newIdentity(observed, workload) };
  }
}

/** The name is compared too: one workload has one identity, and only the operator makes it. */
function belongsTo({ metadata, spec }: ManagedIdentity, workload: Workload): boolean {
  return spec.workload?.uid === workload.metadata.uid && metadata.name === identityName(workload);
}

function newIdentity({ nameIsTaken, workloadText }: Observed, workload: Workload): Pick<Desired, "create" | "warning"> {
  const { namespace } = workload.metadata;
  const name = identityName(workload);
  if (nameIsTaken) return { warning: findings.NameTaken(keyText({ namespace, name }), workloadText) };
  return { create: manifestFor(workload, name) };
}

/** The owner reference lets garbage collection delete the identity with its workload, also while no operator runs. */
function manifestFor({ apiVersion, kind, metadata }: Workload, name: string): Manifest {
  const workload = { apiVersion, kind, name: metadata.name, uid: metadata.uid };
  return {
    apiVersion: API_VERSION,
    kind: "ManagedIdentity",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { "app.kubernetes.io/managed-by": "lanyard" },
      ownerReferences: [workload],
    },
    spec: { type: "SystemAssigned", workload },
  };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
