import type { z } from "zod";
import { managedIdentitySchema, type WorkloadKind } from "../identity/managed-identity.ts";
import { API_VERSION } from "../identity/names.ts";
import { protectedResourceSchema } from "../identity/protected-resource.ts";
import { clusterRoleAssignmentSchema, roleAssignmentSchema } from "../identity/role-assignment.ts";
import { roleDefinitionSchema } from "../identity/role-definition.ts";
import { tokenRevocationSchema } from "../identity/token-revocation.ts";
import {
  cronJobSchema,
  eventSchema,
  namespaceSchema,
  podSchema,
  serviceAccountSchema,
  templatedWorkloadSchema,
} from "./core-objects.ts";
import type { Kind, KubeObject } from "./kind.ts";

/** Every kind that Lanyard reads or writes. */
const define = <T extends KubeObject>(
  identification: Pick<Kind, "apiVersion" | "kind" | "plural">,
  schema: z.ZodType<T>,
  at: Partial<Pick<Kind, "namespaced" | "statusSubresource">> = {},
): Kind<T> => ({
  namespaced: true,
  statusSubresource: true,
  ...identification,
  ...at,
  parse: (object) => schema.parse(object),
});

const ours = (kind: string): Pick<Kind, "apiVersion" | "kind" | "plural"> => ({
  apiVersion: API_VERSION,
  kind,
  plural: kind === "ManagedIdentity" ? "managedidentities" : `${kind.toLowerCase()}s`,
});

export const managedIdentities = define(ours("ManagedIdentity"), managedIdentitySchema);
export const roleDefinitions = define(ours("RoleDefinition"), roleDefinitionSchema, { namespaced: false });
export const roleAssignments = define(ours("RoleAssignment"), roleAssignmentSchema);
export const clusterRoleAssignments = define(ours("ClusterRoleAssignment"), clusterRoleAssignmentSchema, {
  namespaced: false,
});
export const protectedResources = define(ours("ProtectedResource"), protectedResourceSchema);
export const tokenRevocations = define(ours("TokenRevocation"), tokenRevocationSchema);

export const namespaces = define({ apiVersion: "v1", kind: "Namespace", plural: "namespaces" }, namespaceSchema, {
  namespaced: false,
});
export const serviceAccounts = define(
  { apiVersion: "v1", kind: "ServiceAccount", plural: "serviceaccounts" },
  serviceAccountSchema,
  { statusSubresource: false },
);
export const pods = define({ apiVersion: "v1", kind: "Pod", plural: "pods" }, podSchema);
export const events = define({ apiVersion: "events.k8s.io/v1", kind: "Event", plural: "events" }, eventSchema, {
  statusSubresource: false,
});

export const deployments = define(
  { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments" },
  templatedWorkloadSchema,
);
export const statefulSets = define(
  { apiVersion: "apps/v1", kind: "StatefulSet", plural: "statefulsets" },
  templatedWorkloadSchema,
);
export const daemonSets = define(
  { apiVersion: "apps/v1", kind: "DaemonSet", plural: "daemonsets" },
  templatedWorkloadSchema,
);
export const replicaSets = define(
  { apiVersion: "apps/v1", kind: "ReplicaSet", plural: "replicasets" },
  templatedWorkloadSchema,
);
export const jobs = define({ apiVersion: "batch/v1", kind: "Job", plural: "jobs" }, templatedWorkloadSchema);
export const cronJobs = define({ apiVersion: "batch/v1", kind: "CronJob", plural: "cronjobs" }, cronJobSchema);

/** The kinds that can have a system-assigned identity, by name. */
export const workloads = {
  Deployment: deployments,
  StatefulSet: statefulSets,
  DaemonSet: daemonSets,
  ReplicaSet: replicaSets,
  Job: jobs,
  CronJob: cronJobs,
  Pod: pods,
} as const satisfies Record<WorkloadKind, Kind>;

export const allKinds: readonly Kind[] = [
  ...[managedIdentities, roleDefinitions, roleAssignments, clusterRoleAssignments, protectedResources],
  tokenRevocations,
  ...[namespaces, serviceAccounts, events],
  ...Object.values(workloads),
];
