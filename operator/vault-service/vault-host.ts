import { kubernetesApi } from "../../identity/names.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { isExcluded } from "../injection/opt-in.ts";

/** RFC 1035 §2.3.1, which the name of a Service keeps to. */
const SERVICE_NAME = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Whether a resource is a vault, and could be served. */
export type VaultHost =
  | { readonly kind: "none" }
  | { readonly kind: "host"; readonly name: string; readonly namespace: string; readonly host: string }
  | { readonly kind: "unusable"; readonly name: string; readonly why: string };

/** Where programs in the cluster find a vault. */
export function vaultHostOf(resource: Stored<ProtectedResource> | undefined, installedIn: string): VaultHost {
  if (resource === undefined || !isUsable(resource) || resource.spec.vault === undefined) return { kind: "none" };
  const { name, namespace, deletionTimestamp } = resource.metadata;
  if (deletionTimestamp !== undefined) return { kind: "none" };
  if (!SERVICE_NAME.test(name)) return { kind: "unusable", name, why: "a Service cannot have it" };
  // A certificate for it could stand for what the cluster itself is made of.
  const host = `${name}.${namespace}.svc`;
  if (kubernetesApi.audience === `https://${host}`) return { kind: "unusable", name, why: "the Kubernetes API has it" };
  if (isExcluded(namespace, installedIn)) {
    return { kind: "unusable", name, why: `namespace ${namespace} is the cluster's or the installation's own` };
  }
  return { kind: "host", name, namespace, host };
}
