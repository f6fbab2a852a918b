import { z } from "zod";

const ownerReferenceSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});
export type OwnerReference = z.infer<typeof ownerReferenceSchema>;

const stringMap = z.record(z.string(), z.string());

/** The part of Kubernetes' ObjectMeta that Lanyard reads. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export const objectMetaSchema = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().optional(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
  ownerReferences: z.array(ownerReferenceSchema).optional(),
  finalizers: z.array(z.string()).optional(),
});
export type ObjectMeta = z.infer<typeof objectMetaSchema>;

/** ObjectMeta of a namespaced object, where the API server guarantees a namespace. */
export const namespacedMetaSchema = objectMetaSchema.extend({ namespace: z.string() });
export type NamespacedMeta = z.infer<typeof namespacedMetaSchema>;
