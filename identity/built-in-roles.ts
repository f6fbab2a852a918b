import type { z } from "zod";
import { API_VERSION } from "./names.ts";
import type { roleDefinitionSpecSchema } from "./role-definition.ts";

type RoleDefinitionSpec = z.input<typeof roleDefinitionSpecSchema>;

/** The roles that every install has. `*` in front of a verb stands for the kind of thing, as in `queues/read`. */
const specs: Readonly<Record<string, RoleDefinitionSpec>> = {
  reader: {
    description: "Read everything in the scope but secret values.",
    actions: ["*/read", "*/*/read"],
    notActions: ["secrets/read", "secrets/*/read"],
  },
  contributor: {
    description: "Do everything in the scope but read or write secret values.",
    actions: ["**"],
    notActions: ["secrets/**"],
  },
  owner: { description: "Do everything in the scope.", actions: ["**"] },
  "secrets-reader": { description: "Read secret values.", actions: ["secrets/read", "secrets/list"] },
  "kubernetes-view": {
    description: "Read most objects of the Kubernetes API (ClusterRole view).",
    kubernetesRole: "view",
  },
  "kubernetes-edit": {
    description: "Read and write most objects of the Kubernetes API (ClusterRole edit).",
    kubernetesRole: "edit",
  },
};

/** As they are applied: by the chart in a cluster, by `lanyard dev` on a laptop. */
export const builtInRoleDefinitions = Object.entries(specs).map(([name, spec]) => ({
  apiVersion: API_VERSION,
  kind: "RoleDefinition" as const,
  metadata: { name, labels: { "app.kubernetes.io/managed-by": "lanyard" } },
  spec,
}));
