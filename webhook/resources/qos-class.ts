import { readQuantity } from "../../identity/quantity.ts";
import type { AdmittedPod } from "../inject/pod.ts";

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";
type Requirements = NonNullable<AdmittedPod["spec"]["resources"]>;

const counted = ["cpu", "memory"] as const;

/**
 * The quality of service that a pod has as its author wrote it. Resources of the pod as a whole stand above those of its
 * containers. https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
 */
export function qosClass({ spec }: AdmittedPod): QosClass {
  const containers = [...(spec.initContainers ?? []), ...spec.containers].map(({ resources }) => resources ?? {});
  const all: readonly Requirements[] = hasPodResources(spec.resources) ? [spec.resources] : containers;
  if (all.every(isEmpty)) return "BestEffort";
  return all.every(isFixed) ? "Guaranteed" : "Burstable";
}

export function hasPodResources(resources: AdmittedPod["spec"]["resources"]): resources is Requirements {
  return counted.some((name) => resources?.requests?.[name] !== undefined || resources?.limits?.[name] !== undefined);
}

const amount = (written: unknown): number => readQuantity(written) ?? 0;

function isEmpty({ requests, limits }: Requirements): boolean {
  return counted.every((name) => amount(requests?.[name]) === 0 && amount(limits?.[name]) === 0);
}

/** A request that is left out is what the limit is. */
function isFixed({ requests, limits }: Requirements): boolean {
  return counted.every((name) => {
    const limit = amount(limits?.[name]);
    return limit > 0 && amount(requests?.[name] ?? limits?.[name]) === limit;
  });
}
