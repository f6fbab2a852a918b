import { beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../kube/core-objects.ts";
import { EventRecorder } from "../../kube/event-recorder.ts";
import { events } from "../../kube/kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { FakeClock } from "../support/fake-clock.ts";

const orders = {
  ...{ apiVersion: "lanyard.dev/v1alpha1", kind: "ManagedIdentity", namespace: "shop", name: "orders" },
  uid: "0b6e5f0e-50a1-4a0c-9f35-0f6a8f3f1c11",
};
const refused = { type: "Warning", reason: "NoIdentity", action: "Issue", note: "Bind an identity first." } as const;

describe("EventRecorder", () => {
  let clock: FakeClock;
  let api: InMemoryApi;
  let recorder: EventRecorder;
  let errors: unknown[];

  beforeEach(() => {
    clock = new FakeClock();
    api = new InMemoryApi({ kinds: [events], clock });
    errors = [];
    recorder = recorderOf("lanyard-0");
  });
  const recorderOf = (reportingInstance: string): EventRecorder => {
    const onError = (error: unknown) => errors.push(error);
    return new EventRecorder({ api, clock, reportingController: "lanyard.dev/issuer", reportingInstance, onError });
  };
  const written = async (): Promise<readonly Event[]> => (await api.list(events)).items;
  const counts = async () => (await written()).map(({ series }) => series?.count);

  test("writes an event as events.k8s.io/v1 wants it", async () => {
    await recorder.record(orders, refused);
    const [event] = await written();
    expect(event).toMatchObject({
      ...refused,
      ...{ apiVersion: "events.k8s.io/v1", kind: "Event", regarding: orders },
      ...{ reportingController: "lanyard.dev/issuer", reportingInstance: "lanyard-0" },
      eventTime: "2026-11-21T12:00:00.000000Z",
      metadata: { namespace: "shop", name: expect.stringMatching(/^orders\.[0-9a-f]+\.[0-9a-f]+$/) },
    });
    expect(event?.series).toBeUndefined();
  });

  test("an event about a cluster-scoped object stands in the namespace default", async () => {
    await recorder.record({ ...orders, namespace: undefined }, refused);
    expect((await written())[0]?.metadata.namespace).toBe("default");
  });

  test("a repeat counts up the same event", async () => {
    await recorder.record(orders, refused);
    await clock.advance(1000);
    await recorder.record(orders, refused);
    const [event, ...others] = await written();
    expect(others).toEqual([]);
    expect(event?.series).toEqual({ count: 2, lastObservedTime: "2026-11-21T12:00:01.000000Z" });
    expect(event?.eventTime).toBe("2026-11-21T12:00:00.000000Z");
  });

  test.each([
    { differs: "object", regarding: { ...orders, name: "billing" }, occurrence: refused },
    { differs: "uid", regarding: { ...orders, uid: "another" }, occurrence: refused },
    { differs: "reason", regarding: orders, occurrence: { ...refused, reason: "IdentityNotFound" } },
    { differs: "action", regarding: orders, occurrence: { ...refused, action: "Bind" } },
    { differs: "type", regarding: orders, occurrence: { ...refused, type: "Normal" as const } },
  ])("another $differs is another event, even in the same millisecond", async ({ regarding, occurrence }) => {
    await recorder.record(orders, refused);
    await recorder.record(regarding, occurrence);
    expect(await counts()).toEqual([undefined, undefined]);
  });

  test("another process has events of its own", async () => {
    await recorder.record(orders, refused);
    await recorderOf("lanyard-1").record(orders, refused);
    expect(await counts()).toEqual([undefined, undefined]);
  });

  test("a repeat in other words keeps the first words, which an event cannot change", async () => {
    await recorder.record(orders, refused);
    await recorder.record(orders, { ...refused, note: "In other words." });
    expect(await written()).toMatchObject([{ note: refused.note, series: { count: 2 } }]);
  });

  test("a hot loop writes seldom, and loses no count", async () => {
    await recorder.record(orders, refused);
    const { resourceVersion: before } = await api.list(events);
    for (let times = 0; times < 1000; times++) {
      await clock.advance(10);
      await recorder.record(orders, refused);
    }
    await clock.advance(10_000);
    await recorder.record(orders, refused);
    expect(await counts()).toEqual([1002]);
    expect(Number((await api.list(events)).resourceVersion) - Number(before)).toBeLessThanOrEqual(3);
  });

  test("after a quiet while the next one is a new event", async () => {
    await recorder.record(orders, refused);
    await clock.advance(6 * 60_000);
    await recorder.record(orders, refused);
    expect(await counts()).toEqual([undefined, undefined]);
  });

  test("an event that was cleaned away meanwhile is written again in full", async () => {
    await recorder.record(orders, refused);
    const [event] = await written();
    if (event !== undefined) await api.delete(events, event.metadata);
    await recorder.record(orders, refused);
    expect(await written()).toMatchObject([{ ...refused, series: { count: 2 } }]);
  });

  test("a note is cut to the 1024 bytes that an event takes, never inside a character", async () => {
    await recorder.record(orders, { ...refused, note: `a${"é".repeat(1000)}` });
    const [event] = await written();
    expect(event?.note).toBe(`a${"é".repeat(511)}`);
  });

  test.each(["x".repeat(253), `${"x".repeat(229)}.${"y".repeat(20)}`])(
    "a long name still gives a valid one: %s",
    async (name) => {
      await recorder.record({ ...orders, name }, refused);
      expect(errors).toEqual([]);
      expect(await written()).toHaveLength(1);
    },
  );

  test("what cannot be written is reported, and the caller goes on", async () => {
    await recorder.record({ ...orders, namespace: "Not A Namespace" }, refused);
    expect(errors).toMatchObject([{ reason: "Invalid" }]);
    await recorder.record(orders, refused);
    expect(await written()).toHaveLength(1);
  });
});
