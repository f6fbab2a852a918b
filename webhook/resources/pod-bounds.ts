import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { readQuantity, writeQuantity } from "../../identity/quantity.ts";
import type { AdmittedPod } from "../inject/pod.ts";
import { type NamespaceBounds, type ResourceName, resourceNames } from "./namespace-rules.ts";
import { hasPodResources } from "./qos-class.ts";
import type { Amount } from "./sidecar-resources.ts";

/** Bounds on a whole pod that it keeps to without the sidecar and exceeds with it: they cannot be met, only be told. */
export function podBoundWarnings(
  pod: AdmittedPod,
  { limitRanges }: NamespaceBounds,
  sidecar: ReadonlyMap<ResourceName, Amount>,
): AdmissionReason[] {
  if (hasPodResources(pod.spec.resources)) return [];
  const warned: AdmissionReason[] = [];
  for (const { metadata, spec } of limitRanges) {
    for (const { type, max } of spec.limits) {
      if (type !== "Pod") continue;
      const exceeded = resourceNames.flatMap((name) => excess(name, readQuantity(max?.[name]), { pod, sidecar }));
      warned.push(...exceeded.map((problem) => admissionReasons.LimitRangeExceeded(metadata.name, problem)));
    }
  }
  return warned.slice(0, resourceNames.length);
}

interface Parts {
  readonly pod: AdmittedPod;
  readonly sidecar: ReadonlyMap<ResourceName, Amount>;
}

function excess(name: ResourceName, most: number | undefined, { pod, sidecar }: Parts): string[] {
  if (most === undefined) return [];
  const used = total(pod, name);
  const sum = used + (sidecar.get(name)?.limit ?? 0);
  if (used > most || sum <= most) return [];
  return [`its ${name} limits are ${writeQuantity(name, sum)} together, and ${writeQuantity(name, most)} is allowed`];
}

function total(pod: AdmittedPod, name: ResourceName): number {
  return pod.spec.containers.reduce((sum, { resources }) => sum + (readQuantity(resources?.limits?.[name]) ?? 0), 0);
}
