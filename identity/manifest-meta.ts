import { z } from "zod";
import { namespaceNameSchema, objectNameSchema } from "./dns-name.ts";

const texts = z.record(z.string(), z.string());

/**
 * The metadata of an object as it is written. A person writes the first four; the others are what `kubectl get -o yaml`
 * adds, and they are let through as they stand.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export const manifestMetaSchema = z.object({
  name: objectNameSchema,
  namespace: namespaceNameSchema.optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
  ...Object.fromEntries(
    [
      ...["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "selfLink"],
      ...["deletionGracePeriodSeconds", "generateName", "ownerReferences", "finalizers", "managedFields"],
    ].map((field) => [field, z.unknown().optional()]),
  ),
});

/** The same for a kind that lives in no namespace. */
export const clusterManifestMetaSchema = manifestMetaSchema.refine(({ namespace }) => namespace === undefined, {
  path: ["namespace"],
  message: "this kind belongs to no namespace: remove this field",
});
