import { z } from "zod";
import { namespacedMetaSchema, objectMetaSchema } from "../identity/object-meta.ts";
import type { Kind } from "./kind.ts";

/** Who may do what on the Kubernetes API. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
const binding = {
  subjects: z
    .array(
      z.object({
        kind: z.string(),
        apiGroup: z.string().optional(),
        name: z.string(),
        namespace: z.string().optional(),
      }),
    )
    .optional(),
  roleRef: z.object({ apiGroup: z.string(), kind: z.string(), name: z.string() }),
};

const roleBindingSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("RoleBinding"),
  metadata: namespacedMetaSchema.strip(),
  ...binding,
});
export type RoleBinding = z.infer<typeof roleBindingSchema>;

const clusterRoleBindingSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("ClusterRoleBinding"),
  metadata: objectMetaSchema.strip(),
  ...binding,
});
export type ClusterRoleBinding = z.infer<typeof clusterRoleBindingSchema>;

export const RBAC_GROUP = "rbac.authorization.k8s.io";
const common = { apiVersion: `${RBAC_GROUP}/v1`, statusSubresource: false } as const;

export const roleBindings: Kind<RoleBinding> = {
  ...{ ...common, kind: "RoleBinding", plural: "rolebindings", namespaced: true },
  parse: (object) => roleBindingSchema.parse(object),
};

export const clusterRoleBindings: Kind<ClusterRoleBinding> = {
  ...{ ...common, kind: "ClusterRoleBinding", plural: "clusterrolebindings", namespaced: false },
  parse: (object) => clusterRoleBindingSchema.parse(object),
};
