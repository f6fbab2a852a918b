import { z } from "zod";
import { labels } from "../../../identity/names.ts";
import { run } from "./kubectl.ts";

const containers = z.array(
  z.looseObject({ name: z.string(), env: z.array(z.object({ name: z.string() }).loose()).optional() }),
);
const podSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({ initContainers: containers, containers }),
});
export type InjectedPod = z.infer<typeof podSchema>;

/**
 * The pod as the webhook makes it, for a test to change as another webhook would that runs later. Created, it is not
 * injected a second time.
 */
export async function injectedPod(pod: object): Promise<InjectedPod> {
  const { stdout } = await run(["create", "--filename=-", "--dry-run=server", "--output=json"], [pod]);
  const injected = podSchema.parse(JSON.parse(stdout));
  const { name, namespace, annotations } = injected.metadata;
  return {
    ...injected,
    metadata: { name, namespace, annotations, labels: { [labels.inject]: "false" } },
    status: undefined,
  };
}
