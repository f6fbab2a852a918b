import type { KubeApi } from "../../../kube/api.ts";
import { pods } from "../../../kube/kinds.ts";
import { benchPod, NAMESPACE } from "./pods.ts";

/** So many injected pods; those beyond what the node is to run are never scheduled. */
export async function createInjectedPods(api: KubeApi, name: string, { running = 0, held = 0 }): Promise<void> {
  for (let index = 0; index < running + held; index++) {
    const isHeld = index >= running;
    await api.create(pods, benchPod({ name: `${name}-${index}`, shape: "injected", isHeld }));
  }
}

const PATIENCE_MS = 120_000;
const POLL_MS = 500;

export async function untilRunning(api: KubeApi, prefix: string, count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { items } = await api.list(pods, { namespace: NAMESPACE });
    const running = items.filter(
      ({ metadata, status }) => metadata.name.startsWith(prefix) && status?.phase === "Running",
    );
    if (running.length >= count) return;
    if (performance.now() > deadline) throw new Error(`${running.length} of ${count} pods run after two minutes.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
