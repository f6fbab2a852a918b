import type { Workload } from "./workload.ts";

/** What a workload says of a system-assigned identity. */
type OptIn =
  | { readonly kind: "wanted" }
  | { readonly kind: "unwanted" }
  /** Neither "true" nor "false". Nothing is made and nothing deleted: a typo must not cost a principal its grants. */
  | { readonly kind: "unreadable"; readonly value: string };

const unwanted: OptIn = { kind: "unwanted" };

/**
 * Pod templates copy their annotations down, from Deployment to ReplicaSet to Pod. So an object that has a controller
 * never asks for itself: only the top of the chain does.
 */
export function optIn({ metadata, systemAssigned }: Workload): OptIn {
  const isControlled = metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
  if (systemAssigned === undefined || systemAssigned === "false" || isControlled) return unwanted;
  if (metadata.deletionTimestamp !== undefined) return unwanted;
  return systemAssigned === "true" ? { kind: "wanted" } : { kind: "unreadable", value: systemAssigned };
}
