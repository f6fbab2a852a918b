import type { WebhookSettings } from "../settings.ts";
import type { NamespaceFacts } from "./facts.ts";
import type { AdmittedPod, Container } from "./pod.ts";
import type { SecretFilesPlan } from "./secret-files.ts";

/** Who the sidecar is, user and group, where nothing speaks for another. */
export const SIDECAR_USER = 65_532;

/** What the sidecar's security context says of its user and group. */
export interface SidecarUser {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
}

/**
 * The user of the sidecar. A policy that assigns user ids, such as OpenShift's `restricted-v2`, refuses a fixed one: there
 * the ids are left to it, or to the image, which names the same user. An id that the pod's own containers have is allowed
 * in either case, and the group is kept where secret files are shared by it.
 */
export function sidecarUser(
  plan: SecretFilesPlan | undefined,
  settings: Pick<WebhookSettings, "runAsUser">,
  namespace: Pick<NamespaceFacts, "assignsUsers">,
): SidecarUser {
  const isFixed = settings.runAsUser === "set" || (settings.runAsUser === "auto" && !namespace.assignsUsers);
  if (isFixed) return { runAsUser: plan?.user ?? SIDECAR_USER, runAsGroup: SIDECAR_USER };
  if (plan === undefined) return {};
  return plan.mode === "0400" ? { runAsUser: plan.user } : { runAsGroup: SIDECAR_USER };
}

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
