import { managedByLanyard } from "../identity/names.ts";
import type { KubeObject } from "../kube/kind.ts";

/** Whether an object bears the label of what the operator made. */
export function hasManagedLabel({ metadata }: KubeObject): boolean {
  return Object.entries(managedByLanyard).every(([label, value]) => metadata.labels?.[label] === value);
}
