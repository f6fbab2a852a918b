import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Informer, startInformer } from "../../kube/informer.ts";
import type { Log } from "../../kube/log.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { StatusError } from "../../kube/status-error.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { silentLog } from "../support/silent-log.ts";
import { FlakyApi } from "./flaky-api.ts";
import { type Widget, widget, widgets } from "./widget.ts";

const HISTORY = 4;
const AS_TEST = { fieldManager: "test" };

describe("an informer", () => {
  let clock: FakeClock;
  let api: InMemoryApi;
  let flaky: FlakyApi;
  let informer: Informer<Widget>;
  let warnings: [object, string][];
  let heard: string[];

  const start = (random = () => 0.5, namespace = "shop"): void => {
    const log: Log = { ...silentLog, warn: (fields, message) => warnings.push([fields, message]) };
    informer = startInformer(flaky, widgets, { clock, random, namespace, log });
    informer.store.subscribe(({ type, object }) => heard.push(`${type} ${object.metadata.name}`));
  };
  const names = () => [...informer.store.values()].map(({ metadata }) => metadata.name).sort();
  const create = (name: string) => api.create(widgets, widget(name));
  const remove = (name: string) => api.delete(widgets, { namespace: "shop", name });

  beforeEach(() => {
    clock = new FakeClock();
    api = new InMemoryApi({ kinds: [widgets], clock, historyLimit: HISTORY });
    flaky = new FlakyApi(api);
    warnings = [];
    heard = [];
  });
  afterEach(async () => {
    await informer.stop();
    expect(clock.pending).toBe(0);
  });

  test("is synced once the first list is in the store", async () => {
    await create("one");
    start();
    expect(names()).toEqual([]);
    await informer.synced;
    expect(names()).toEqual(["one"]);
  });

  test("follows what happens afterwards", async () => {
    start();
    await informer.synced;
    await create("one");
    await api.apply(widgets, widget("one", { metadata: { labels: { a: "b" } } }), AS_TEST);
    await remove("one");
    await settle();
    expect(heard).toEqual(["upsert one", "upsert one", "delete one"]);
  });

  test("sees its namespace only", async () => {
    start(undefined, "elsewhere");
    await informer.synced;
    await create("one");
    await settle();
    expect(names()).toEqual([]);
  });

  test("resumes a watch that the server closed, without another list", async () => {
    start();
    await informer.synced;
    await create("one");
    await settle();
    flaky.closeWatches();
    await create("two");
    await settle();
    expect(names()).toEqual(["one", "two"]);
    expect(flaky.calls).toEqual(["list", "watch", "watch"]);
  });

  test("lists again when it was away for longer than the history, and tells what vanished meanwhile", async () => {
    await create("vanishes");
    start();
    await informer.synced;
    flaky.failNext("watch", "ServiceUnavailable");
    flaky.closeWatches();
    await settle();
    await remove("vanishes");
    for (const name of ["one", "two", "three", "four"]) await create(name);
    await clock.advance(60_000);
    expect(names()).toEqual(["four", "one", "three", "two"]);
    expect(heard).toContain("delete vanishes");
    expect(flaky.calls.filter((call) => call === "list")).toHaveLength(2);
  });

  test("a version that expired is no error, and the first time no reason to wait", async () => {
    start();
    await informer.synced;
    await create("one");
    await settle();
    flaky.failNext("watch", "Expired");
    flaky.closeWatches();
    await settle();
    expect(warnings).toEqual([]);
    expect(flaky.calls).toEqual(["list", "watch", "watch", "list", "watch"]);
  });

  test("a quiet watch is kept within the history by bookmarks", async () => {
    start();
    await informer.synced;
    for (const name of ["1", "2", "3", "4", "5", "6"]) {
      await api.create(widgets, { ...widget(name), metadata: { name, namespace: "elsewhere" } });
      await settle();
    }
    flaky.closeWatches();
    await clock.advance(60_000);
    expect(flaky.calls.filter((call) => call === "list")).toHaveLength(1);
  });

  test("a failed list is reported and tried again, later each time, up to a ceiling", async () => {
    for (let failure = 0; failure < 8; failure++) flaky.failNext("list", "InternalError");
    start(() => 0.999_999);
    await settle();
    const times: number[] = [];
    for (let second = 0; second <= 120; second++) {
      times.push(flaky.calls.length);
      await clock.advance(1000);
    }
    expect(warnings).toEqual(
      Array(8).fill([{ err: expect.any(StatusError), kind: "Widget" }, "The watch failed and is tried again."]),
    );
    expect([0, 1, 3, 6, 12, 25, 51, 81, 111].map((second) => times[second])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10]);
    expect(informer.store.size).toBe(0);
  });

  test("waits as long as the server asks", async () => {
    flaky.failNext("list", "TooManyRequests", 7);
    start(() => 0);
    await settle();
    await clock.advance(6_999);
    expect(flaky.calls).toEqual(["list"]);
    await clock.advance(1);
    expect(flaky.calls).toEqual(["list", "list", "watch"]);
  });

  test("does not hammer a server that closes every watch at once", async () => {
    start(() => 0.999_999);
    await informer.synced;
    for (let times = 0; times < 100; times++) {
      flaky.closeWatches();
      await settle();
    }
    expect(flaky.calls.length).toBeLessThan(5);
  });

  test("does not hammer a server whose every version is expired at once", async () => {
    for (let times = 0; times < 100; times++) flaky.failNext("watch", "Expired");
    start(() => 0.999_999);
    for (let times = 0; times < 100; times++) await settle();
    expect(flaky.calls).toEqual(["list", "watch"]);
  });

  test("stops in the middle of a wait", async () => {
    flaky.failNext("list", "InternalError");
    start();
    await settle();
    expect(clock.pending).toBe(1);
    await informer.stop();
    await informer.synced;
    expect(flaky.calls).toEqual(["list"]);
  });

  test("stops in the middle of a list that hangs, without a complaint", async () => {
    flaky.list = (_kind, { signal } = {}) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("ended"))));
    start();
    await settle();
    await informer.stop();
    expect(warnings).toEqual([]);
  });

  test("a reader that is too slow for the history is cut off, and catches up by a list", async () => {
    start();
    await informer.synced;
    flaky.stall();
    for (let count = 0; count < 3 * HISTORY; count++) await create(`widget-${count}`);
    flaky.flow();
    await settle();
    expect(flaky.calls).toEqual(["list", "watch", "watch", "list", "watch"]);
    expect(informer.store.size).toBe(3 * HISTORY);
  });
});
