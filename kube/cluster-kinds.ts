import { z } from "zod";
import { namespacedMetaSchema, objectMetaSchema } from "../identity/object-meta.ts";
import type { Kind } from "./kind.ts";

/** The kinds that only a real cluster needs: certificates, locks and webhooks. `lanyard dev` has none of them. */
const header = { apiVersion: z.string(), kind: z.string() };
const namespacedMeta = namespacedMetaSchema.strip();

const secretSchema = z.object({
  ...header,
  metadata: namespacedMeta,
  type: z.string().optional(),
  /** Base64. */
  data: z.record(z.string(), z.string()).optional(),
});
export type Secret = z.infer<typeof secretSchema>;

const configMapSchema = z.object({
  ...header,
  metadata: namespacedMeta,
  data: z.record(z.string(), z.string()).optional(),
  immutable: z.boolean().optional(),
});
export type ConfigMap = z.infer<typeof configMapSchema>;

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
const serviceSchema = z.object({
  ...header,
  metadata: namespacedMeta,
  spec: z.object({ type: z.string().optional(), externalName: z.string().optional() }).optional(),
});
export type Service = z.infer<typeof serviceSchema>;

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
const leaseSchema = z.object({
  ...header,
  metadata: namespacedMeta,
  spec: z
    .object({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      leaseTransitions: z.number().nullish(),
      acquireTime: z.string().nullish(),
      renewTime: z.string().nullish(),
    })
    .optional(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** Mutating and validating alike. https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/mutating-webhook-configuration-v1/ */
const webhookConfigurationSchema = z.object({
  ...header,
  metadata: objectMetaSchema.strip(),
  webhooks: z
    .array(z.object({ name: z.string(), clientConfig: z.object({ caBundle: z.string().optional() }) }))
    .optional(),
});
export type WebhookConfiguration = z.infer<typeof webhookConfigurationSchema>;

const plain = { namespaced: true, statusSubresource: false } as const;

export const secrets: Kind<Secret> = {
  ...{ apiVersion: "v1", kind: "Secret", plural: "secrets", ...plain },
  parse: (object) => secretSchema.parse(object),
};
export const configMaps: Kind<ConfigMap> = {
  ...{ apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", ...plain },
  parse: (object) => configMapSchema.parse(object),
};
export const services: Kind<Service> = {
  ...{ apiVersion: "v1", kind: "Service", plural: "services", namespaced: true, statusSubresource: true },
  parse: (object) => serviceSchema.parse(object),
};
export const leases: Kind<Lease> = {
  ...{ apiVersion: "coordination.k8s.io/v1", kind: "Lease", plural: "leases", ...plain },
  parse: (object) => leaseSchema.parse(object),
};
const webhookConfiguration = {
  apiVersion: "admissionregistration.k8s.io/v1",
  ...{ namespaced: false, statusSubresource: false },
  parse: (object: unknown) => webhookConfigurationSchema.parse(object),
};
export const mutatingWebhookConfigurations: Kind<WebhookConfiguration> = {
  ...webhookConfiguration,
  ...{ kind: "MutatingWebhookConfiguration", plural: "mutatingwebhookconfigurations" },
};
export const validatingWebhookConfigurations: Kind<WebhookConfiguration> = {
  ...webhookConfiguration,
  ...{ kind: "ValidatingWebhookConfiguration", plural: "validatingwebhookconfigurations" },
};
