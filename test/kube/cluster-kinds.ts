import {
  configMaps,
  leases,
  mutatingWebhookConfigurations,
  secrets,
  services,
  validatingWebhookConfigurations,
} from "../../kube/cluster-kinds.ts";
import type { Kind } from "../../kube/kind.ts";
import { limitRanges, resourceQuotas } from "../../kube/policy-kinds.ts";
import { clusterRoleBindings, roleBindings } from "../../kube/rbac-kinds.ts";
import { nodes } from "../../webhook/nodes/node-kind.ts";

/** What an installation needs of a cluster besides Lanyard's own kinds. */
export const clusterKinds: readonly Kind[] = [
  ...[secrets, configMaps, services, leases],
  ...[mutatingWebhookConfigurations, validatingWebhookConfigurations],
];

/** What bounds the pods of a cluster. */
export const boundingKinds: readonly Kind[] = [limitRanges, resourceQuotas, nodes];

export const rbacKinds: readonly Kind[] = [roleBindings, clusterRoleBindings];
