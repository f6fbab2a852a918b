import { describe, expect, test } from "vitest";
import { settle } from "../../support/fake-clock.ts";
import { readWidget, widget, widgets } from "../widget.ts";
import { type Answer, json, scriptedServer, status } from "./scripted-server.ts";

const key = { namespace: "shop", name: "one" };
const stored = readWidget("one", "7");
const hangUp: Answer = (response) => response.destroy();
const unavailable = { name: "StatusError", reason: "ServiceUnavailable" };

describe("connections", () => {
  test("one is kept for the next request", async () => {
    const { api, requests } = await scriptedServer(...Array.from({ length: 20 }, () => json(stored)));
    for (let count = 0; count < 20; count++) await api.get(widgets, key);
    expect(new Set(requests.map(({ connection }) => connection))).toEqual(new Set([0]));
  });

  test("one that was closed while it was kept is no failure", async () => {
    const { api, requests } = await scriptedServer(json(stored), hangUp, json(stored));
    await api.get(widgets, key);
    expect(await api.get(widgets, key)).toEqual(stored);
    expect(requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
  });

  test("but what creates is not sent twice", async () => {
    const { api, requests } = await scriptedServer(json(stored), hangUp, json(stored));
    await api.get(widgets, key);
    await expect(api.create(widgets, widget("one"))).rejects.toMatchObject(unavailable);
    expect(requests).toHaveLength(2);
  });

  test("a new one that is closed at once is a failure", async () => {
    const { api, requests } = await scriptedServer(hangUp);
    await expect(api.get(widgets, key)).rejects.toMatchObject(unavailable);
    expect(requests).toHaveLength(1);
  });
});

describe("a server that", () => {
  test("is not there", async () => {
    const { api, shut } = await scriptedServer();
    await shut();
    await expect(api.get(widgets, key)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringMatching(/^The API server at 127\.0\.0\.1:\d+ did not answer: .*ECONNREFUSED/),
    });
  });

  test("is not there is named so to whoever opens a stream, too", async () => {
    const { transport, shut } = await scriptedServer();
    await shut();
    const opening = transport.open({ method: "GET", path: "/" }, new AbortController().signal);
    await expect(opening).rejects.toMatchObject(unavailable);
  });

  test("says nothing is given up after 65 seconds", async () => {
    const asked = Promise.withResolvers<void>();
    const { api, clock } = await scriptedServer(() => asked.resolve());
    const getting = expect(api.get(widgets, key)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining("it took too long"),
    });
    await asked.promise;
    await clock.advance(65_000);
    await getting;
    expect(clock.pending).toBe(0);
  });

  test.each<[string, Answer]>([
    ["no JSON", (response) => response.end("<html>")],
    ["half of it", (response) => response.end('{"kind":')],
    [
      "less than it said",
      (response) => response.writeHead(200, { "content-length": 100 }).write("{", () => hangUpNow(response)),
    ],
  ])("answers with %s", async (_, answer) => {
    const { api, clock } = await scriptedServer(answer);
    await expect(api.get(widgets, key)).rejects.toMatchObject(unavailable);
    await settle();
    expect(clock.pending).toBe(0);
  });

  test("sends elsewhere is not followed", async () => {
    const { api } = await scriptedServer(json({}, 302, { location: "http://elsewhere" }));
    await expect(api.get(widgets, key)).rejects.toMatchObject({ reason: "BadRequest" });
  });

  test("fails says so in its own words", async () => {
    const { api } = await scriptedServer(status(500, "Whatever", "etcd is on fire"));
    await expect(api.get(widgets, key)).rejects.toMatchObject({ reason: "InternalError", message: "etcd is on fire" });
  });
});

function hangUpNow(response: Parameters<Answer>[0]): void {
  response.destroy();
}
