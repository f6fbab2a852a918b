import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { cloudIdentity } from "../../identity/names.ts";
import { type AdmittedPod, allContainers } from "./pod.ts";

/**
 * Azure Workload Identity in the same pod. SDKs for Azure look for its token file first, some also inside their managed
 * identity credential, so that Lanyard's endpoint is not asked. Its webhook may run after this one: the label says enough.
 * https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
export function otherIdentityWarnings(pod: AdmittedPod): AdmissionReason[] {
  const sign = signOfWorkloadIdentity(pod);
  return sign === undefined ? [] : [admissionReasons.WorkloadIdentityBeside(sign)];
}

function signOfWorkloadIdentity(pod: AdmittedPod): string | undefined {
  const { useLabel, tokenVolume, tokenFile } = cloudIdentity;
  if (pod.metadata.labels?.[useLabel] === "true") return `label ${useLabel}`;
  if (pod.spec.volumes?.some(({ name }) => name === tokenVolume)) return `volume ${tokenVolume}`;
  const isNamed = allContainers(pod).some(({ env }) => env?.some(({ name }) => name === tokenFile));
  return isNamed ? `variable ${tokenFile}` : undefined;
}
