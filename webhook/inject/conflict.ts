import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { annotations, injection } from "../../identity/names.ts";
import type { ExistingSidecar } from "./existing-sidecar.ts";
import { type AdmittedPod, allContainers, annotationsOf } from "./pod.ts";
import { REDIRECT_CONTAINER } from "./redirect.ts";
import { secretFilesConflict } from "./secret-files-conflict.ts";

const reserved: readonly string[] = [injection.container, REDIRECT_CONTAINER];

/**
 * Names of ours that the author uses. A pod that mounts a volume `lanyard` which it does not have would be invalid by
 * itself, and would get to see the sidecar's token once the volume is there: so it is refused, not renamed.
 */
export function conflictIn(pod: AdmittedPod, sidecar: ExistingSidecar | undefined): AdmissionReason | undefined {
  const problem =
    mountOfToken(pod, sidecar) ?? (sidecar === undefined ? nameInUse(pod) : undefined) ?? inSecrets(pod, sidecar);
  return problem === undefined ? undefined : admissionReasons.PodConflict(problem);
}

/** A pod without secret files may call its own volumes so. */
function inSecrets(pod: AdmittedPod, sidecar: ExistingSidecar | undefined): string | undefined {
  const hasSecrets = sidecar === undefined ? asksForSecretFiles(pod) : sidecar.endpoint.secretsDirectory !== undefined;
  return hasSecrets ? secretFilesConflict(pod, sidecar?.container) : undefined;
}

const asksForSecretFiles = (pod: AdmittedPod): boolean => Object.hasOwn(annotationsOf(pod), annotations.secretFiles);

function mountOfToken(pod: AdmittedPod, sidecar: ExistingSidecar | undefined): string | undefined {
  const others = allContainers(pod).filter((container) => container !== sidecar?.container);
  const thief = others.find(({ volumeMounts }) => volumeMounts?.some(({ name }) => name === injection.volume));
  return thief === undefined ? undefined : `Container "${thief.name}" mounts a volume "${injection.volume}"`;
}

function nameInUse(pod: AdmittedPod): string | undefined {
  const container = allContainers(pod).find(({ name }) => reserved.includes(name));
  if (container !== undefined) return `A container has the name "${container.name}"`;
  const volume = pod.spec.volumes?.some(({ name }) => name === injection.volume);
  return volume ? `A volume has the name "${injection.volume}"` : undefined;
}
