import type { AdmittedPod, Container } from "./pod.ts";

/** Who the sidecar is, user and group, where nothing speaks for another. */
export const SIDECAR_USER = 65_532;

/**
 * Who is to own the files that these containers read: the user that all of them run as, where the pod says so. Undefined
 * where it is not known (an image's own USER), differs or is root. Processes that see each other, in one process namespace
 * or in the node's, may look into others of their user, so that there the sidecar stays another one.
 * https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
 */
export function readersUser({ spec }: AdmittedPod, readers: readonly Container[]): number | undefined {
  if (spec.shareProcessNamespace || spec.hostPID) return undefined;
  const users = readers.map((container) => container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser);
  const [user] = users;
  return user && users.every((other) => other === user) ? user : undefined;
}
