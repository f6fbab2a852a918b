import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApi } from "../../../kube/api.ts";
import { pods } from "../../../kube/kinds.ts";
import { median } from "../median.ts";
import { row, type Section } from "../report.ts";
import { benchPod, NAMESPACE, type Shape } from "./pods.ts";

const shapes = ["alone", "native sidecar", "startup probe", "injected"] as const satisfies readonly Shape[];

/** The kubelet works in ticks of a second: pods that follow each other at once would all meet it at the same moment. */
const LONGEST_PAUSE_MS = 1000;

export async function benchPodStart(api: KubeApi, rounds: number): Promise<Section> {
  const times: Record<Shape, number[]> = { alone: [], "native sidecar": [], "startup probe": [], injected: [] };
  for (let round = 0; round < rounds; round++) {
    for (const shape of shapes) {
      await sleep(Math.random() * LONGEST_PAUSE_MS);
      times[shape].push(await startPod(api, shape, round));
    }
  }
  const native = median(times["native sidecar"]);
  return {
    heading: "Pod create → application started",
    floor: "empty native sidecar",
    rows: [
      row("injected, gated", "ms", { ours: median(times.injected), floor: native, target: { atMost: native * 1.1 } }),
      row("no sidecar", "ms", { ours: median(times.alone), floor: native }),
      row("native sidecar with a startup probe of 1 s", "ms", { ours: median(times["startup probe"]), floor: native }),
    ],
    notes: [`Medians of ${rounds} pods each, taking turns with a random pause; until a watch shows the pod Running.`],
  };
}

async function startPod(api: KubeApi, shape: Shape, round: number): Promise<number> {
  const name = `start-${shape.replace(" ", "-")}-${round}`;
  const { resourceVersion } = await api.list(pods, { namespace: NAMESPACE, name });
  const start = performance.now();
  await api.create(pods, benchPod({ name, shape }));
  await untilPod(api, { name, resourceVersion }, "Running");
  const took = performance.now() - start;
  await api.delete(pods, { namespace: NAMESPACE, name });
  await untilPod(api, { name, resourceVersion }, "gone");
  return took;
}

const PATIENCE_MS = 60_000;

async function untilPod(
  api: KubeApi,
  { name, resourceVersion }: { readonly name: string; readonly resourceVersion: string },
  wanted: "Running" | "gone",
): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for await (const event of api.watch(pods, { namespace: NAMESPACE, name, resourceVersion, signal })) {
    if (event.type === "DELETED" && wanted === "gone") return;
    if (event.type === "MODIFIED" && event.object.status?.phase === wanted) return;
  }
  throw new Error(`Pod ${NAMESPACE}/${name} was not ${wanted} within ${PATIENCE_MS / 1000} s.`);
}
