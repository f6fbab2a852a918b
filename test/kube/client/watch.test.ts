import { describe, expect, test } from "vitest";
import type { WatchEvent } from "../../../kube/api.ts";
import type { ClusterApi } from "../../../kube/client/cluster-api.ts";
import { startInformer } from "../../../kube/informer.ts";
import { settle } from "../../support/fake-clock.ts";
import { readWidget, type Widget, widgets } from "../widget.ts";
import { type Answer, json, scriptedServer, status, stream } from "./scripted-server.ts";

const one = readWidget("one", "1");
const two = readWidget("two", "2");
const added = { type: "ADDED", object: one };
const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "8" } } };
const unreadable = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "one", resourceVersion: "3" } };
const changedBeyondReading = {
  type: "MODIFIED",
  object: { ...unreadable, metadata: { ...unreadable.metadata, namespace: "shop" } },
};
const from = { namespace: "shop", resourceVersion: "5" };

const watchAll = async (api: ClusterApi, signal = new AbortController().signal): Promise<WatchEvent<Widget>[]> =>
  Array.fromAsync(api.watch(widgets, { ...from, signal }));

describe("a watch", () => {
  test("asks for what happened since, with bookmarks, for five to ten minutes", async () => {
    const { api, requests } = await scriptedServer(stream([], "end"));
    await watchAll(api);
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({
      ...{ watch: "true", allowWatchBookmarks: "true", resourceVersion: "5", timeoutSeconds: "450" },
    });
  });

  test("tells what comes, until the server ends it", async () => {
    const { api } = await scriptedServer(stream([added, { type: "MODIFIED", object: two }, bookmark], "end"));
    expect(await watchAll(api)).toEqual([
      { type: "ADDED", object: one },
      { type: "MODIFIED", object: two },
      { type: "BOOKMARK", resourceVersion: "8" },
    ]);
  });

  test("goes on over what cannot be read, and says of what it was", async () => {
    const { api, unreadable: told } = await scriptedServer(
      stream([changedBeyondReading, { type: "ADDED", object: null }, added], "end"),
    );
    expect(await watchAll(api)).toEqual([
      { type: "UNREADABLE", key: { namespace: "shop", name: "one" }, resourceVersion: "3" },
      { type: "ADDED", object: one },
    ]);
    expect(told).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["refused", status(410, "Expired")],
    ["refused by an old server", status(410, "Gone")],
    ["told in the stream", stream([{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }])],
    ["told without a reason", stream([{ type: "ERROR", object: { kind: "Status", code: 410 } }])],
  ])("from too long ago is Expired: %s", async (_, answer) => {
    const { api } = await scriptedServer(answer);
    await expect(watchAll(api)).rejects.toMatchObject({ reason: "Expired" });
  });

  test("that breaks off throws, and so does a line that is no event", async () => {
    const { api, clock } = await scriptedServer(stream([added], "break"), stream(["hello"]));
    await expect(watchAll(api)).rejects.toMatchObject({ reason: "ServiceUnavailable" });
    await expect(watchAll(api)).rejects.toMatchObject({ reason: "InternalError" });
    expect(clock.pending).toBe(0);
  });

  test("ends at once when its signal aborts, and leaves no connection open", async () => {
    const closed = Promise.withResolvers<void>();
    const { api, clock } = await scriptedServer((response, request) => {
      response.once("close", closed.resolve);
      stream([added])(response, request);
    });
    const stopping = new AbortController();
    for await (const event of api.watch(widgets, { ...from, signal: stopping.signal })) {
      expect(event.type).toBe("ADDED");
      stopping.abort();
    }
    await closed.promise;
    expect(clock.pending).toBe(0);
  });

  test("whose reader goes away leaves no connection open either", async () => {
    const closed = Promise.withResolvers<void>();
    const { api, clock } = await scriptedServer((response, request) => {
      response.once("close", closed.resolve);
      stream([added])(response, request);
    });
    for await (const _ of api.watch(widgets, { ...from, signal: new AbortController().signal })) break;
    await closed.promise;
    expect(clock.pending).toBe(0);
  });

  test("with an aborted signal asks nothing", async () => {
    const { api, requests } = await scriptedServer();
    expect(await watchAll(api, AbortSignal.abort())).toEqual([]);
    expect(requests).toEqual([]);
  });

  test("in which nothing comes for three minutes, not even a bookmark, has lost its server", async () => {
    const { api, clock } = await scriptedServer(stream([added]));
    const events = api.watch(widgets, { ...from, signal: new AbortController().signal });
    await events.next();
    const silent = expect(events.next()).rejects.toMatchObject({
      reason: "ServiceUnavailable",
      message: expect.stringContaining("silent for too long"),
    });
    await settle();
    await clock.advance(180_000);
    await silent;
    expect(clock.pending).toBe(0);
  });

  test("of which each sign of life comes in time goes on", async () => {
    const lines: ((line: unknown) => void)[] = [];
    const { api, clock } = await scriptedServer((response) => {
      response.writeHead(200);
      lines.push((line) => response.write(`${JSON.stringify(line)}\n`));
      lines[0]?.(added);
    });
    const events = api.watch(widgets, { ...from, signal: new AbortController().signal });
    await events.next();
    for (let minutes = 0; minutes < 5; minutes++) {
      const next = events.next();
      await settle();
      await clock.advance(179_000);
      lines[0]?.(bookmark);
      expect((await next).value).toMatchObject({ type: "BOOKMARK" });
    }
    await events.return(undefined);
  });
});

test("an informer forgets what became unreadable, and hears what comes after", async () => {
  const end = { metadata: { resourceVersion: "5", annotations: { "k8s.io/initial-events-end": "true" } } };
  const { api, clock } = await scriptedServer(
    stream([added, { type: "BOOKMARK", object: end }]),
    stream([changedBeyondReading, { type: "ADDED", object: two }]),
    json({}, 500),
  );
  const heard: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const informer = startInformer(api, widgets, { clock });
  informer.store.subscribe(({ type, object: { metadata } }) => {
    heard.push(`${type} ${metadata.name}`);
    if (metadata.name === "two") arrived.resolve();
  });
  await arrived.promise;
  expect(heard).toEqual(["upsert one", "delete one", "upsert two"]);
  await informer.stop();
});
