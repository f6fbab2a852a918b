import { z } from "zod";
import { objectMetaSchema } from "../identity/object-meta.ts";
import type { Kind } from "./kind.ts";

/** Kinds that say what pods a namespace takes, reduced to what the webhook reads of them. */
const header = { apiVersion: z.string(), kind: z.string() };
const metadata = objectMetaSchema
  .pick({ name: true, namespace: true, uid: true, resourceVersion: true, creationTimestamp: true })
  .strip();

/** Cores, bytes: all that a sidecar uses. */
const quantity = z.union([z.string(), z.number()]).optional();
const quantities = z.object({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity }).optional();

/** https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/limit-range-v1/ */
const limitRangeSchema = z.object({
  ...header,
  metadata,
  spec: z.object({
    limits: z.array(
      z.object({
        type: z.string(),
        min: quantities,
        max: quantities,
        maxLimitRequestRatio: quantities,
      }),
    ),
  }),
});
export type LimitRange = z.infer<typeof limitRangeSchema>;

const resourceQuotaSchema = z.object({
  ...header,
  metadata,
  spec: z
    .object({
      /** Which resources are limited; how much does not matter here. */
      hard: z
        .record(z.string(), z.unknown())
        .default({})
        .transform((hard) => Object.keys(hard).filter(isComputeResource)),
      scopes: z.array(z.string()).optional(),
      scopeSelector: z
        .object({
          matchExpressions: z
            .array(z.object({ scopeName: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
            .optional(),
        })
        .optional(),
    })
    .default({ hard: [] }),
});
/** https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/resource-quota-v1/ */
export type ResourceQuota = z.infer<typeof resourceQuotaSchema>;

/** Those that every container of a pod must name where they are limited; `cpu` and `memory` stand for requests. */
function isComputeResource(name: string): boolean {
  return /^(?:(?:requests|limits)\.)?(?:cpu|memory)$/.test(name);
}

export const limitRanges: Kind<LimitRange> = {
  ...{ apiVersion: "v1", kind: "LimitRange", plural: "limitranges", namespaced: true, statusSubresource: false },
  parse: (object) => limitRangeSchema.parse(object),
};
export const resourceQuotas: Kind<ResourceQuota> = {
  ...{ apiVersion: "v1", kind: "ResourceQuota", plural: "resourcequotas", namespaced: true, statusSubresource: true },
  parse: (object) => resourceQuotaSchema.parse(object),
};
