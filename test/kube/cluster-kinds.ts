import {
  configMaps,
  leases,
  mutatingWebhookConfigurations,
  secrets,
  services,
  validatingWebhookConfigurations,
} from "../../kube/cluster-kinds.ts";
import type { Kind } from "../../kube/kind.ts";
import { clusterRoleBindings, roleBindings } from "../../kube/rbac-kinds.ts";

/** What an installation needs of a cluster besides Lanyard's own kinds. */
export const clusterKinds: readonly Kind[] = [
  ...[secrets, configMaps, services, leases],
  ...[mutatingWebhookConfigurations, validatingWebhookConfigurations],
];

export const rbacKinds: readonly Kind[] = [roleBindings, clusterRoleBindings];
