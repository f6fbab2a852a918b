import { beforeEach, expect, test } from "vitest";
import { LONGEST_STANDSTILL_MS, WatchActivity } from "../../../cli/process/watch-activity.ts";
import type { KubeApi } from "../../../kube/api.ts";
import { type Informer, startInformer } from "../../../kube/informer.ts";
import type { KubeObject } from "../../../kube/kind.ts";
import { allKinds, namespaces } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { StatusError, type StatusReason } from "../../../kube/status-error.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

let clock: FakeClock;
let activity: WatchActivity;

beforeEach(() => {
  clock = new FakeClock();
  activity = new WatchActivity(clock);
});

/** Starts a reflector, and waits until it has asked for the first time. */
async function watching(api: object): Promise<Informer<KubeObject>> {
  const informer = startInformer(activity.observe(api as KubeApi), namespaces, { clock });
  await settle();
  return informer;
}
const empty = async () => ({ items: [], resourceVersion: "1" });
const failing = (reason: StatusReason) => (): never => {
  throw new StatusError(reason, "as the test said");
};

test.each<StatusReason>(["ServiceUnavailable", "Forbidden", "NotFound", "Unauthorized", "TooManyRequests"])(
  "an API server that answers %s for hours ends no process: its watches are tried again",
  async (reason) => {
    await watching({ list: failing(reason), watch: failing(reason) });
    await clock.advance(6 * 3_600_000);
    expect(activity.problem()).toBeUndefined();
  },
);

test("an outage after the first list ends no process either", async () => {
  await watching({ list: empty, watch: failing("ServiceUnavailable") });
  await clock.advance(6 * 3_600_000);
  expect(activity.problem()).toBeUndefined();
});

test("bookmarks keep a watch alive in which nothing changes", async () => {
  const watch = async function* () {
    for (;;) {
      await new Promise<void>((resolve) => clock.after(60_000, resolve));
      yield { type: "BOOKMARK", resourceVersion: "2" };
    }
  };
  await watching({ list: empty, watch });
  await clock.advance(6 * 3_600_000);
  expect(activity.problem()).toBeUndefined();
});

const never = () => new Promise<never>(() => {});
const silence = () => ({ [Symbol.asyncIterator]: () => ({ next: never }) });

test.each<[string, object]>([
  ["a watch that hears nothing and does not end", { list: empty, watch: silence }],
  ["a list that never ends", { list: never, watch: silence }],
])("%s stands still", async (_, api) => {
  await watching(api);
  await clock.advance(LONGEST_STANDSTILL_MS);
  expect(activity.problem()).toBeUndefined();
  await clock.advance(1_000);
  expect(activity.problem()).toBe("the watch of namespaces has stood still for 601 s");
});

test("a reflector that was stopped, as by a leader that lost its lease, is not expected to move", async () => {
  const informer = await watching(new InMemoryApi({ kinds: allKinds, clock }));
  await clock.advance(1_000);
  await informer.stop();
  await clock.advance(6 * 3_600_000);
  expect(activity.problem()).toBeUndefined();
});
