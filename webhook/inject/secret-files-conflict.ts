import { posix } from "node:path";
import { injection } from "../../identity/names.ts";
import { type AdmittedPod, allContainers, type Container } from "./pod.ts";

type Mount = NonNullable<Container["volumeMounts"]>[number];

const { secretsVolume: VOLUME, secretsPath: PATH } = injection;

/** What of the author's stands where the secrets of his pod are to be; the sidecar is not asked. */
export function secretFilesConflict(pod: AdmittedPod, sidecar: Container | undefined): string | undefined {
  const volume = pod.spec.volumes?.some(({ name }) => name === VOLUME);
  if (sidecar === undefined && volume) return `A volume has the name "${VOLUME}"`;
  for (const container of allContainers(pod)) {
    const conflict = container === sidecar ? undefined : container.volumeMounts?.find((mount) => isInTheWay(mount));
    if (conflict !== undefined) return `Container "${container.name}" mounts something in the place of ${PATH}`;
  }
  return undefined;
}

/** Only as the webhook mounts it: to read. Whoever could write there could put a link in a secret's place. */
function isInTheWay({ name, mountPath, readOnly }: Mount): boolean {
  if (name === VOLUME) return mountPath !== PATH || readOnly !== true;
  // As the kubelet does, which takes a path without a slash as one from the root.
  return `${posix.resolve("/", mountPath ?? "")}/`.replace(/^\/run\//, "/var/run/").startsWith(`${PATH}/`);
}
