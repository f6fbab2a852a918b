import { z } from "zod";
import type { Rendered } from "./chart.ts";

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: z.string(),
  args: z.array(z.string()),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  resources: z.object({
    requests: z.record(z.string(), z.string()).default({}),
    limits: z.record(z.string(), z.string()).default({}),
  }),
});
const podSpecSchema = z.looseObject({
  serviceAccountName: z.string().optional(),
  automountServiceAccountToken: z.boolean(),
  priorityClassName: z.string().optional(),
  containers: z.array(containerSchema),
});
const templateSchema = z.object({
  metadata: z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: podSpecSchema,
});
const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: templateSchema,
  }),
});
const podSchema = z.looseObject({ spec: podSpecSchema });

export const deploymentSpec = (object: Rendered) => deploymentSchema.parse(object).spec;
export type PodSpec = z.infer<typeof podSpecSchema>;

/** The pods that the chart makes, by itself or by a Deployment. */
export function podSpecs(objects: readonly Rendered[]): { readonly name: string; readonly spec: PodSpec }[] {
  return objects.flatMap((object) => {
    const { name } = object.metadata;
    if (object.kind === "Pod") return [{ name, spec: podSchema.parse(object).spec }];
    return object.kind === "Deployment" ? [{ name, spec: deploymentSpec(object).template.spec }] : [];
  });
}
