import { describe, expect, test } from "vitest";
import { STATUS_PATH } from "../../sidecar/status.ts";
import { type Awaited, waitUntil } from "../../sidecar/wait.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { HEADER } from "./endpoint.ts";

const ready = () => new Response('{"status":"ready"}');
const notReady = () =>
  new Response('{"status":"not ready","code":"NoIdentity","sentence":"Identity not found."}', { status: 503 });
const away = () => {
  throw new Error("connection refused");
};
const OWN = { port: 4280, endpointHeader: HEADER };

/** A process that says what the test tells it to. */
function waiting(answer: (attempt: number) => Response | Promise<Response>, awaited: Awaited = "ready") {
  const clock = new FakeClock();
  const asked: { url: string; headers: unknown }[] = [];
  const outcome = waitUntil(awaited, {
    ...OWN,
    limitSeconds: 2,
    clock,
    fetch: async (url, init) => answer(asked.push({ url: String(url), headers: init?.headers }) - 1),
  });
  return { clock, asked, outcome };
}

describe("waiting for the process that serves", () => {
  test("ends as soon as it is ready, and shows it the header that no other pod knows", async () => {
    const { outcome, clock, asked } = waiting((attempt) => (attempt < 3 ? away() : ready()));
    await clock.advance(0);
    await clock.advance(100);
    expect(await outcome).toEqual({ kind: "done" });
    expect(clock.pending).toBe(0);
    expect(asked[0]).toEqual({ url: `http://127.0.0.1:4280${STATUS_PATH}`, headers: { "x-identity-header": HEADER } });
  });

  test.each([
    ["what the sidecar said", notReady, "NoIdentity: Identity not found."],
    ["that nobody answers", away, "nothing answers on port 4280 of 127.0.0.1"],
    ["that another answers", () => new Response("<html>"), "another program answers on port 4280 with 200"],
  ])("gives up after 2 s, because the kubelet cannot delete the pod before, with %s", async (_name, answer, reason) => {
    const { outcome, clock, asked } = waiting(answer);
    for (let step = 0; step < 21; step++) await clock.advance(100);
    expect(await outcome).toEqual({ kind: "gave up", reason });
    expect([asked.length > 5, asked.length < 30]).toEqual([true, true]);
  });

  test("for its life alone it need not be ready", async () => {
    const { outcome, clock } = waiting(notReady, "alive");
    await clock.advance(0);
    expect(await outcome).toEqual({ kind: "done" });
  });

  test("does not hang on an answer that never comes", async () => {
    const clock = new FakeClock();
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const outcome = waitUntil("alive", { ...OWN, limitSeconds: 2, clock, fetch: hanging });
    await clock.advance(0);
    for (let second = 0; second < 6; second++) await clock.advance(1000);
    expect(await outcome).toMatchObject({ kind: "gave up", reason: expect.stringContaining("nothing answers") });
  });
});
