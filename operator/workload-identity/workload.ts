import type { WorkloadKind } from "../../identity/managed-identity.ts";
import { annotations } from "../../identity/names.ts";
import type { NamespacedMeta } from "../../identity/object-meta.ts";
import type { CronJob, Pod, PodTemplate, TemplatedWorkload } from "../../kube/core-objects.ts";
import type { Kind } from "../../kube/kind.ts";
import { workloads } from "../../kube/kinds.ts";
import { type InjectionState, injectionStateOf } from "../injection/injection-state.ts";

/** What the operator keeps of a workload: there may be tens of thousands, and most ask for nothing. */
export interface Workload extends InjectionState {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: NamespacedMeta;
  /** The value of annotation lanyard.dev/system-assigned, of the workload itself or else of its pod template. */
  readonly systemAssigned: string | undefined;
}

/** A kind of which Kubernetes knows nothing but its metadata. */
export function watchedCustomWorkload(kind: Kind): Kind<Workload> {
  return { ...kind, parse: (object) => slim(kind, kind.parse(object) as TemplatedWorkload) };
}

type WorkloadObject = Pod | TemplatedWorkload | CronJob;

export function watchedWorkload(name: WorkloadKind): Kind<Workload> {
  const kind: Kind<WorkloadObject> = workloads[name];
  return { ...kind, parse: (object) => ({ ...slim(kind, kind.parse(object)), ...injectionStateOf(name, object) }) };
}

function slim({ apiVersion, kind }: Pick<Kind, "apiVersion" | "kind">, object: WorkloadObject): Workload {
  const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, ownerReferences } =
    object.metadata;
  const optional = {
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp, ...optional },
    systemAssigned: annotationOf(object.metadata) ?? annotationOf(templateOf(object)?.metadata),
  };
}

function annotationOf(metadata: { readonly annotations?: Record<string, string> | undefined } | undefined) {
  return metadata?.annotations?.[annotations.systemAssigned];
}

function templateOf({ spec }: WorkloadObject): PodTemplate | undefined {
  if (spec === undefined) return undefined;
  if ("jobTemplate" in spec) return spec.jobTemplate?.spec?.template;
  return "template" in spec ? spec.template : undefined;
}
