import { annotations, injection } from "../../identity/names.ts";
import { type ParsedSecretFiles, readSecretFiles, type SecretFileReference } from "../../identity/secret-files.ts";
import { append, type PatchOperation } from "../json-patch.ts";
import type { PlacedContainer } from "./container-environment.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";
import { readersUser, SIDECAR_USER } from "./sidecar-user.ts";

/** How the sidecar of one pod keeps secrets in files. */
export interface SecretFilesPlan {
  readonly files: readonly SecretFileReference[];
  /** Whom the files belong to. */
  readonly user: number;
  /** For the owner alone where that is who reads them; else for the group, which the whole pod is then given. */
  readonly mode: "0400" | "0440";
}

/** More than all values that a pod may ask for. In memory: no disk ever has them. */
const SIZE_LIMIT = "8Mi";

/** What the author asks for; undefined when it is nothing. */
export function askedSecretFiles(pod: AdmittedPod, namespace: string): ParsedSecretFiles | undefined {
  const written = annotationsOf(pod)[annotations.secretFiles];
  return written === undefined ? undefined : readSecretFiles(written, namespace);
}

export function planSecretFiles(
  pod: AdmittedPod,
  asked: ParsedSecretFiles | undefined,
  readers: readonly PlacedContainer[],
): SecretFilesPlan | undefined {
  if (asked?.kind !== "files") return undefined;
  const user = readersUser(
    pod,
    readers.map(({ container }) => container),
  );
  const { files } = asked;
  return user === undefined ? { files, user: SIDECAR_USER, mode: "0440" } : { files, user, mode: "0400" };
}

export function secretsVolume(): object {
  return { name: injection.secretsVolume, emptyDir: { medium: "Memory", sizeLimit: SIZE_LIMIT } };
}

export function secretsMount(access: "writable" | "readOnly"): object {
  const mount = { name: injection.secretsVolume, mountPath: injection.secretsPath };
  return access === "readOnly" ? { ...mount, readOnly: true } : mount;
}

/** Mounts the files in those containers that lack them. */
export function secretsMounts(readers: readonly PlacedContainer[]): PatchOperation[] {
  return readers.flatMap(({ container: { volumeMounts }, path }) => {
    const isMounted = volumeMounts?.some(({ name }) => name === injection.secretsVolume);
    return isMounted ? [] : append(`${path}/volumeMounts`, volumeMounts, [secretsMount("readOnly")]);
  });
}

/** A group more for every process of the pod, which changes the owner of no volume, as `fsGroup` would. */
export function readersGroup({ spec }: AdmittedPod, plan: SecretFilesPlan | undefined): PatchOperation[] {
  if (plan?.mode !== "0440") return [];
  const { securityContext } = spec;
  const groups = securityContext?.supplementalGroups;
  if (groups?.includes(SIDECAR_USER)) return [];
  if (!securityContext) {
    return [{ op: "add", path: "/spec/securityContext", value: { supplementalGroups: [SIDECAR_USER] } }];
  }
  return append("/spec/securityContext/supplementalGroups", groups, [SIDECAR_USER]);
}
