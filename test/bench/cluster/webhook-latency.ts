import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApi } from "../../../kube/api.ts";
import { pods } from "../../../kube/kinds.ts";
import { row, type Section } from "../report.ts";
import { benchPod, NAMESPACE, type Shape } from "./pods.ts";
import { quantile } from "./quantile.ts";

const CREATES_PER_SECOND = 50;
const AT_ONCE = 16;

export interface WebhookExtent {
  readonly paced: number;
  readonly closed: number;
}

/** No pod here is ever scheduled: the node would measure itself. */
export async function benchWebhook(api: KubeApi, { paced, closed }: WebhookExtent): Promise<Section> {
  const create = creator(api);
  await createPaced(create, "injected", CREATES_PER_SECOND);
  const without = await createPaced(create, "alone", paced);
  const withWebhook = await createPaced(create, "injected", paced);
  const rateWithout = await createClosed(create, "alone", closed);
  const rateWith = await createClosed(create, "injected", closed);
  await removeAll(api);
  const added = (share: number): number => quantile(without, share);
  return {
    heading: `Webhook: pod creates, ${CREATES_PER_SECOND} a second`,
    floor: "no webhook",
    rows: [
      ...([0.5, 0.99] as const).map((share) =>
        row(`p${share * 100}`, "ms", {
          ours: quantile(withWebhook, share),
          floor: added(share),
          target: { atMost: added(share) + (share === 0.5 ? 2 : 8) },
        }),
      ),
      row(`as fast as ${AT_ONCE} at a time go`, "/s", {
        ours: rateWith,
        floor: rateWithout,
        target: { atLeast: 315 },
        best: rateWithout,
      }),
    ],
    notes: [
      `${paced} creates of each kind at the given pace, ${closed} as fast as they go; the replicas are the chart's default.`,
    ],
  };
}

type Create = (shape: Shape) => Promise<number>;

/** Creates one pod that is never scheduled, and tells how long that took. Milliseconds. */
function creator(api: KubeApi): Create {
  let created = 0;
  return async (shape) => {
    const name = `create-${created++}`;
    const start = performance.now();
    await api.create(pods, benchPod({ name, shape, isHeld: true }));
    return performance.now() - start;
  };
}

async function createPaced(create: Create, shape: Shape, count: number): Promise<readonly number[]> {
  const start = performance.now();
  const running: Promise<number>[] = [];
  for (let index = 0; index < count; index++) {
    await sleep(Math.max(0, start + (index * 1000) / CREATES_PER_SECOND - performance.now()));
    running.push(create(shape));
  }
  return Promise.all(running);
}

/** Creates per second. */
async function createClosed(create: Create, shape: Shape, count: number): Promise<number> {
  const start = performance.now();
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) await create(shape);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return count / ((performance.now() - start) / 1000);
}

async function removeAll(api: KubeApi): Promise<void> {
  const { items } = await api.list(pods, { namespace: NAMESPACE });
  const names = items.map(({ metadata }) => metadata.name);
  const work = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await api.delete(pods, { namespace: NAMESPACE, name });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
