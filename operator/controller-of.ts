import type { OwnerReference } from "../identity/object-meta.ts";
import type { KubeObject } from "../kube/kind.ts";

/** The object that made this one and looks after it. https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/ */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}
