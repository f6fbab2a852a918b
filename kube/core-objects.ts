import { z } from "zod";
import { namespacedMetaSchema, objectMetaSchema } from "../identity/object-meta.ts";

/** Kubernetes' own objects, reduced to the fields that Lanyard reads: 10,000 pods of 6 KB would fill a process. */
const slimMeta = objectMetaSchema.strip();
const slimNamespacedMeta = namespacedMetaSchema.strip();

const header = { apiVersion: z.string(), kind: z.string() };

export const namespaceSchema = z.object({ ...header, metadata: slimMeta });
export type Namespace = z.infer<typeof namespaceSchema>;

export const serviceAccountSchema = z.object({ ...header, metadata: slimNamespacedMeta });
export type ServiceAccount = z.infer<typeof serviceAccountSchema>;

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const podSchema = z.object({
  ...header,
  metadata: slimNamespacedMeta,
  spec: z.object({
    serviceAccountName: z.string().default("default"),
    nodeName: z.string().optional(),
    hostNetwork: z.boolean().optional(),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      /** When the kubelet took the pod, RFC 3339: before its images are pulled. */
      startTime: z.string().optional(),
      podIPs: z.array(z.object({ ip: z.string() })).optional(),
      hostIP: z.string().optional(),
      /** From Kubernetes 1.29 on; IPv4 and IPv6. */
      hostIPs: z.array(z.object({ ip: z.string() })).optional(),
    })
    .optional(),
});
export type Pod = z.infer<typeof podSchema>;

const podTemplateSchema = z.object({
  metadata: slimMeta.pick({ annotations: true, labels: true }).optional(),
  spec: z.object({ serviceAccountName: z.string().optional() }).optional(),
});
export type PodTemplate = z.infer<typeof podTemplateSchema>;

/** Anything that makes pods from a template: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job. */
export const templatedWorkloadSchema = z.object({
  ...header,
  metadata: slimNamespacedMeta,
  spec: z.object({ template: podTemplateSchema.optional() }).optional(),
});

export const cronJobSchema = z.object({
  ...header,
  metadata: slimNamespacedMeta,
  spec: z
    .object({
      jobTemplate: z.object({ spec: z.object({ template: podTemplateSchema.optional() }).optional() }).optional(),
    })
    .optional(),
});

export type TemplatedWorkload = z.infer<typeof templatedWorkloadSchema>;
export type CronJob = z.infer<typeof cronJobSchema>;

/** events.k8s.io/v1. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export const eventSchema = z.object({
  ...header,
  metadata: slimNamespacedMeta,
  eventTime: z.string().nullish(),
  series: z.object({ count: z.number(), lastObservedTime: z.string() }).nullish(),
  reportingController: z.string().optional(),
  reportingInstance: z.string().optional(),
  action: z.string().optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  type: z.string().optional(),
  regarding: z
    .object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      uid: z.string().optional(),
    })
    .optional(),
});
export type Event = z.infer<typeof eventSchema>;
