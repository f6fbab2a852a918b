import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import type { AdmittedPod } from "./pod.ts";

/**
 * Whether the pod asks a resolver that may not know the issuer's Service. On the node's network `ClusterFirst`, the
 * default, is what `Default` is.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy
 */
export function resolverWarnings({ spec }: AdmittedPod): AdmissionReason[] {
  const policy = spec.dnsPolicy || "ClusterFirst";
  if (policy === "None") return [admissionReasons.IssuerUnresolved(ownResolver, "ClusterFirst")];
  if (spec.hostNetwork && policy !== "ClusterFirstWithHostNet") {
    return [admissionReasons.IssuerUnresolved(nodesResolver, "ClusterFirstWithHostNet")];
  }
  return policy === "Default" ? [admissionReasons.IssuerUnresolved(nodesResolver, "ClusterFirst")] : [];
}

const nodesResolver = "asks its node's resolver";
const ownResolver = "asks the resolver in spec.dnsConfig";
