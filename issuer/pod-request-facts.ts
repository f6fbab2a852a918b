import type { PodRequestFacts } from "../identity/request-facts.ts";
import type { Pod } from "../kube/core-objects.ts";

/** What the API says now of the pod that asks, never what anybody says of it: labels can change while it runs. */
export function podRequestFacts({ metadata, spec }: Pod): PodRequestFacts {
  const { namespace, name, labels = {} } = metadata;
  return { namespace, name, serviceAccount: spec.serviceAccountName, labels };
}
