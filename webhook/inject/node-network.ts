import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import type { AdmittedPod } from "./pod.ts";

/** Those that give a pod on its node's network another resolver than the node's. */
const policiesOfItsOwn: readonly string[] = ["ClusterFirstWithHostNet", "None"];

/**
 * What is different for a pod that shares its node's network. `ClusterFirst`, the default, is there what `Default` is.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy
 */
export function nodeNetworkWarnings({ spec }: AdmittedPod): AdmissionReason[] {
  if (!spec.hostNetwork) return [];
  const asksNode = !policiesOfItsOwn.includes(spec.dnsPolicy ?? "ClusterFirst");
  return [admissionReasons.DialectsReduced(), ...(asksNode ? [admissionReasons.IssuerUnresolved()] : [])];
}
