import { describe, expect, test } from "vitest";
import { podSchema } from "../../../kube/core-objects.ts";
import { pods } from "../../../kube/kinds.ts";
import { readWidget, widgets } from "../widget.ts";
import { type Answer, json, scriptedServer, status, stream } from "./scripted-server.ts";

const one = readWidget("one", "1");
const two = readWidget("two", "2");
const added = (object: unknown) => ({ type: "ADDED", object });
const bookmark = (resourceVersion: string, annotations = {}) => ({
  type: "BOOKMARK",
  object: { kind: "Widget", apiVersion: "example.com/v1", metadata: { resourceVersion, annotations } },
});
const END = bookmark("9", { "k8s.io/initial-events-end": "true" });
const unreadable = { apiVersion: "example.com/v1", kind: "Widget", metadata: { namespace: "shop", name: "two" } };
const refusal = status(422, "Invalid", "sendInitialEvents is forbidden for watch unless the WatchList feature is on");
const page = (items: readonly unknown[], next = "") =>
  json({ metadata: { resourceVersion: "9", continue: next }, items });

describe("a streamed list", () => {
  test("holds the objects that were there, up to the mark at their end", async () => {
    const { api, requests } = await scriptedServer(stream([added(one), bookmark("5"), added(two), END, added(one)]));
    expect(await api.list(widgets, { namespace: "shop" })).toEqual({ items: [one, two], resourceVersion: "9" });
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({
      ...{ watch: "true", sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" },
      allowWatchBookmarks: "true",
    });
  });

  test("of one name asks for that name", async () => {
    const { api, requests } = await scriptedServer(stream([END]));
    await api.list(widgets, { namespace: "shop", name: "one" });
    expect(requests[0]?.url.searchParams.get("fieldSelector")).toBe("metadata.name=one");
  });

  test("counts what happens while it is read", async () => {
    const changed = readWidget("one", "3");
    const events = [added(one), added(two), { type: "MODIFIED", object: changed }, { type: "DELETED", object: two }];
    const { api } = await scriptedServer(stream([...events, END]));
    expect((await api.list(widgets)).items).toEqual([changed]);
  });

  test("leaves out what cannot be read, and tells of it", async () => {
    const { api, unreadable: told } = await scriptedServer(
      stream([added(one), added(two), added(unreadable), added(7), END]),
    );
    expect((await api.list(widgets)).items).toEqual([one]);
    expect(told.map(({ kind, key }) => [kind, key])).toEqual([
      [widgets, { namespace: "shop", name: "two" }],
      [widgets, undefined],
    ]);
  });

  test.each(["end", "break"] as const)("that breaks off is none: %s", async (end) => {
    const { api, clock } = await scriptedServer(stream([added(one)], end));
    await expect(api.list(widgets)).rejects.toMatchObject({ reason: "ServiceUnavailable" });
    expect(clock.pending).toBe(0);
  });

  test("is not waited for without end", async () => {
    const asked = Promise.withResolvers<void>();
    const { api, clock } = await scriptedServer((response, request) => {
      stream([added(one)])(response, request);
      asked.resolve();
    });
    const listing = expect(api.list(widgets)).rejects.toMatchObject({ reason: "ServiceUnavailable" });
    await asked.promise;
    await clock.advance(400_000);
    await listing;
  });
});

test.each<{ list: string; before: readonly Answer[] }>([
  { list: "a streamed list", before: [] },
  { list: "a list in pages", before: [refusal, page([one], "more")] },
])("$list that hangs ends when its signal aborts", async ({ before }) => {
  const asked = Promise.withResolvers<void>();
  const { api, clock } = await scriptedServer(...before, () => asked.resolve());
  const stopping = new AbortController();
  const listing = expect(api.list(widgets, { signal: stopping.signal })).rejects.toMatchObject({
    reason: "ServiceUnavailable",
  });
  await asked.promise;
  stopping.abort();
  await listing;
  expect(clock.pending).toBe(0);
});

describe("a list from a server that does not stream one", () => {
  test("comes in pages, and the next one at once", async () => {
    const { api, requests } = await scriptedServer(refusal, page([one], "more"), page([two]), page([one]));
    expect(await api.list(widgets)).toEqual({ items: [one, two], resourceVersion: "9" });
    expect((await api.list(widgets)).items).toEqual([one]);
    expect(requests.slice(1).map(({ url }) => url.search)).toEqual([
      "?limit=500",
      "?limit=500&continue=more",
      "?limit=500",
    ]);
  });

  test("is begun anew in one piece when its pages expire", async () => {
    const { api, requests } = await scriptedServer(
      refusal,
      page([one], "more"),
      status(410, "Expired"),
      page([one, two]),
    );
    expect((await api.list(widgets)).items).toEqual([one, two]);
    expect(requests.at(-1)?.url.search).toBe("");
  });

  test("has items that do not say what they are", async () => {
    const { apiVersion: _, kind: __, ...pod } = { ...one, apiVersion: "v1", kind: "Pod", spec: {} };
    const { api } = await scriptedServer(refusal, page([pod]));
    expect((await api.list(pods)).items).toEqual([podSchema.parse({ ...pod, apiVersion: "v1", kind: "Pod" })]);
  });

  test("leaves out what cannot be read, and tells of it", async () => {
    const { api, unreadable: told } = await scriptedServer(refusal, page([unreadable, null, one]));
    expect((await api.list(widgets)).items).toEqual([one]);
    expect(told).toHaveLength(2);
  });

  test.each([{}, { metadata: {} }, [], null, { metadata: { resourceVersion: "1" }, items: 7 }])(
    "is none when it is %j",
    async (body) => {
      const { api } = await scriptedServer(refusal, json(body));
      await expect(api.list(widgets)).rejects.toMatchObject({ reason: "InternalError" });
    },
  );
});
