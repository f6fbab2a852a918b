import type { Condition } from "../../identity/condition.ts";
import type { WorkloadKind } from "../../identity/managed-identity.ts";
import type { OwnerReference } from "../../identity/object-meta.ts";
import type { KubeObject } from "../../kube/kind.ts";
import type { Unusable } from "../../kube/stored.ts";
import type { Workload } from "../../operator/workload-identity/workload.ts";

interface Status {
  readonly principalId?: string | undefined;
  readonly conditions?: Condition[] | undefined;
}

export function conditionOf(status: Status | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** A Ready condition as it was written before. */
export function notReadyBecause(reason: string): Condition {
  return {
    type: "Ready",
    status: "False",
    reason,
    message: "As it was found before.",
    observedGeneration: 0,
    lastTransitionTime: "2026-11-20T00:00:00Z",
  };
}

/** The same object, stored with content that breaks a rule. */
export function unusable(object: KubeObject & { readonly status?: Status | undefined }): Unusable {
  const { apiVersion, kind, metadata, status } = object;
  return { apiVersion, kind, metadata, status, unusable: "This object cannot be used: spec: is broken." };
}

interface WorkloadOptions {
  readonly kind?: WorkloadKind;
  readonly name?: string;
  readonly uid?: string;
  readonly systemAssigned?: string | undefined;
  readonly deletionTimestamp?: string;
  readonly owner?: Partial<OwnerReference>;
}

/** Deployment shop/web, which asks for a system-assigned identity. */
export function workload({ kind = "Deployment", name = "web", uid = "5e1c", ...rest }: WorkloadOptions = {}): Workload {
  const { owner, deletionTimestamp } = rest;
  const reference = { apiVersion: "apps/v1", kind: "Deployment", name: "owner", uid: "owner-uid", ...owner };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: {
      ...{ name, namespace: "shop", uid, resourceVersion: "1", creationTimestamp: "2026-11-01T00:00:00Z" },
      ...(owner === undefined ? {} : { ownerReferences: [reference] }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    systemAssigned: "systemAssigned" in rest ? rest.systemAssigned : "true",
  };
}
