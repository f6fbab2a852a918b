import { z } from "zod";
import { NODE_NAME } from "../../cluster/layout.ts";

/** https://kubernetes.io/docs/reference/instrumentation/node-metrics/#summary-api-source */
const summarySchema = z.object({
  pods: z.array(
    z.object({
      podRef: z.object({ name: z.string(), namespace: z.string() }),
      containers: z
        .array(z.object({ name: z.string(), memory: z.object({ workingSetBytes: z.number().optional() }).optional() }))
        .optional(),
    }),
  ),
});

export interface ContainerMemory {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly megabytes: number;
}

/** What the kubelet itself accounts for each container of the node (the working set, which is what it evicts by). */
export async function kubeletMemory(raw: (path: string) => Promise<unknown>): Promise<readonly ContainerMemory[]> {
  const { pods } = summarySchema.parse(
    await raw(`/api/v1/nodes/${NODE_NAME}/proxy/stats/summary?only_cpu_and_memory=true`),
  );
  return pods.flatMap(({ podRef, containers = [] }) =>
    containers.flatMap(({ name, memory }) =>
      memory?.workingSetBytes === undefined
        ? []
        : [
            {
              ...{ namespace: podRef.namespace, pod: podRef.name, container: name },
              megabytes: memory.workingSetBytes / 1e6,
            },
          ],
    ),
  );
}
