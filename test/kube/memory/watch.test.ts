import { beforeEach, describe, expect, test } from "vitest";
import type { WatchEvent } from "../../../kube/api.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { eventText } from "../watching.ts";
import { type Widget, widget, widgets } from "../widget.ts";

const HISTORY = 4;

describe("a watch of the in-memory API", () => {
  let api: InMemoryApi;
  let stopping: AbortController;

  beforeEach(() => {
    api = new InMemoryApi({ kinds: [widgets], clock: new FakeClock(), historyLimit: HISTORY });
    stopping = new AbortController();
  });
  const create = (name: string, namespace = "shop") =>
    api.create(widgets, { ...widget(name), metadata: { name, namespace } });
  const version = async () => (await api.list(widgets)).resourceVersion;
  const watch = (resourceVersion: string, namespace?: string) =>
    api.watch(widgets, { resourceVersion, namespace, signal: stopping.signal });

  /** Reads in the background, as fast as it can. */
  const reading = (events: AsyncIterable<WatchEvent<Widget>>) => {
    const read: string[] = [];
    const ended = (async () => {
      for await (const event of events) read.push(eventText(event));
    })();
    return { read, ended };
  };

  test("goes on from any version within the history", async () => {
    const from = await version();
    for (let count = 1; count <= HISTORY; count++) await create(`widget-${count}`);
    const { read, ended } = reading(watch(from));
    await settle();
    expect(read).toEqual(["ADDED widget-1", "ADDED widget-2", "ADDED widget-3", "ADDED widget-4"]);
    stopping.abort();
    await ended;
  });

  test("refuses a version older than the history as Expired, and names both", async () => {
    const from = await version();
    for (let count = 0; count <= HISTORY; count++) await create(`widget-${count}`);
    await expect(watch(from).next()).rejects.toMatchObject({
      reason: "Expired",
      message: "too old resource version: 1 (2)",
    });
  });

  test("refuses a version of another server, which it has not reached, as Expired", async () => {
    await expect(watch("1000").next()).rejects.toMatchObject({ reason: "Expired" });
  });

  test.each(["", "0", "-1", "1.5", "abc", "1e3", "9".repeat(30)])("refuses %j, which is no version", async (text) => {
    await expect(watch(text).next()).rejects.toMatchObject({ reason: "BadRequest" });
  });

  test("cuts off a reader that falls behind the history, and loses nothing in silence", async () => {
    const slow = watch(await version());
    await create("first");
    expect(await slow.next()).toMatchObject({ value: { type: "ADDED" } });
    for (let count = 0; count <= HISTORY; count++) await create(`widget-${count}`);
    expect(await slow.next()).toEqual({ done: true, value: undefined });
  });

  test("a slow reader within the history misses nothing", async () => {
    const slow = watch(await version());
    const read: string[] = [];
    for (let count = 0; count < 5 * HISTORY; count++) {
      await create(`widget-${count}`);
      const { value } = await slow.next();
      read.push(eventText(value));
    }
    expect(read).toEqual(Array.from({ length: 5 * HISTORY }, (_, count) => `ADDED widget-${count}`));
  });

  test("bookmarks tell a quiet watch how far it is", async () => {
    const { read, ended } = reading(watch(await version(), "quiet"));
    await create("one");
    await settle();
    await create("two");
    await settle();
    expect(read).toEqual(["BOOKMARK", "BOOKMARK"]);
    stopping.abort();
    await ended;
  });

  test("a bookmark's version can be gone on from", async () => {
    const quiet = watch(await version(), "quiet");
    await create("one");
    const { value } = await quiet.next();
    const bookmark = value?.type === "BOOKMARK" ? value.resourceVersion : "none";
    await create("two", "quiet");
    expect(eventText((await watch(bookmark, "quiet").next()).value)).toBe("ADDED two");
  });

  test("watches do not take from each other", async () => {
    const from = await version();
    await create("one");
    expect((await watch(from).next()).value).toEqual((await watch(from).next()).value);
  });

  test("ends in the middle of waiting when its signal aborts", async () => {
    const { read, ended } = reading(watch(await version()));
    await settle();
    stopping.abort();
    await ended;
    expect(read).toEqual([]);
  });
});
