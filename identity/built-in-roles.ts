import type { z } from "zod";
import { API_VERSION, managedByLanyard } from "./names.ts";
import type { roleDefinitionSpecSchema } from "./role-definition.ts";

type RoleDefinitionSpec = z.input<typeof roleDefinitionSpecSchema>;

/**
 * The roles that every install has. An action is `KIND/VERB`, or `KIND/NAME/VERB` for one thing of its kind, and a part
 * of a thing goes one deeper.
 */
const specs: Readonly<Record<string, RoleDefinitionSpec>> = {
  reader: {
    description: "Read and list everything in the scope but secrets.",
    actions: ["*/read", "*/*/read", "*/*/*/read", "*/list", "*/*/list", "*/*/*/list"],
    notActions: ["secrets/**"],
  },
  contributor: {
    description: "Do everything in the scope but touch secrets.",
    actions: ["**"],
    notActions: ["secrets/**"],
  },
  owner: { description: "Do everything in the scope.", actions: ["**"] },
  "secrets-reader": {
    description: "List secrets and read their values.",
    actions: ["secrets/list", "secrets/read", "secrets/*/read"],
  },
  "secrets-officer": {
    description: "Read, write, delete and recover secrets; what is purged is lost, so that needs another role.",
    actions: ["secrets/list", "secrets/read", "secrets/write", "secrets/delete", "secrets/recover"],
  },
  "kubernetes-view": {
    description: "Read most objects of the Kubernetes API (ClusterRole view).",
    kubernetesRole: "view",
  },
  "kubernetes-edit": {
    description: "Read and write most objects of the Kubernetes API (ClusterRole edit).",
    kubernetesRole: "edit",
  },
};

/** As they are applied: by the operator in a cluster, by `lanyard dev` on a laptop. */
export const builtInRoleDefinitions = Object.entries(specs).map(([name, spec]) => ({
  apiVersion: API_VERSION,
  kind: "RoleDefinition" as const,
  metadata: { name, labels: managedByLanyard },
  spec,
}));
