import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { resourceAnnotations } from "../../identity/names.ts";
import { readQuantity } from "../../identity/quantity.ts";
import { type AdmittedPod, annotationsOf } from "../inject/pod.ts";
import type { ResourceName } from "./namespace-rules.ts";
import type { Amount, ResourceFacts } from "./sidecar-resources.ts";

/** What the annotations of a pod and its namespace ask for; the pod's stand above the namespace's. */
export interface Authored {
  readonly amounts: ReadonlyMap<ResourceName, Amount>;
  readonly warnings: readonly AdmissionReason[];
}

export function authoredAmounts(pod: AdmittedPod, { annotations: ofNamespace }: ResourceFacts): Authored {
  const amounts = new Map<ResourceName, Amount>();
  const warnings: AdmissionReason[] = [];
  for (const { key, resource, field } of resourceAnnotations) {
    const ofPod = readQuantity(annotationsOf(pod)[key]);
    const inherited = ofNamespace[key];
    const amount = ofPod ?? readQuantity(inherited);
    if (amount !== undefined && amount > 0) amounts.set(resource, { ...amounts.get(resource), [field]: amount });
    if (inherited !== undefined && readQuantity(inherited) === undefined) {
      warnings.push(
        admissionReasons.AnnotationInvalid(`${key} of the namespace`, 'expected a quantity, such as "50m" or "64Mi"'),
      );
    }
  }
  return { amounts, warnings };
}
