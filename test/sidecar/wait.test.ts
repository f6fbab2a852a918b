import { describe, expect, test } from "vitest";
import { waitUntilReady } from "../../sidecar/wait.ts";
import { FakeClock } from "../support/fake-clock.ts";

const ready = () => new Response('{"status":"ready"}');
const notReady = () =>
  new Response('{"status":"not ready","code":"NoIdentity","sentence":"Identity not found."}', { status: 503 });
const away = () => {
  throw new Error("connection refused");
};

/** A probe port that says what the test tells it to. */
function waiting(answer: (attempt: number) => Response | Promise<Response>) {
  const clock = new FakeClock();
  const asked = { times: 0 };
  const outcome = waitUntilReady({
    url: "http://127.0.0.1:4281/readyz",
    limitSeconds: 60,
    clock,
    fetch: async () => answer(asked.times++),
  });
  return { clock, asked, outcome };
}

describe("waitUntilReady", () => {
  test("ends as soon as the sidecar is ready", async () => {
    const { outcome, clock } = waiting((attempt) => (attempt < 3 ? away() : ready()));
    await clock.advance(0);
    await clock.advance(100);
    expect(await outcome).toEqual({ kind: "ready" });
    expect(clock.pending).toBe(0);
  });

  test.each([
    ["what the sidecar said", notReady, "NoIdentity: Identity not found."],
    ["that nobody answers", away, "nothing answers at http://127.0.0.1:4281/readyz"],
    ["what answers instead", () => new Response("<html>", { status: 502 }), "it answers 502"],
  ])("gives up after its limit, with %s", async (_name, answer, reason) => {
    const { outcome, clock, asked } = waiting(answer);
    await clock.advance(0);
    await clock.advance(59_000);
    const before = asked.times;
    await clock.advance(2000);
    expect(await outcome).toEqual({ kind: "gave up", reason });
    expect([before > 0, before < 300]).toEqual([true, true]);
  });

  test("does not hang on an answer that never comes", async () => {
    const clock = new FakeClock();
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const outcome = waitUntilReady({ url: "http://127.0.0.1:1/readyz", limitSeconds: 3, clock, fetch: hanging });
    await clock.advance(0);
    for (let second = 0; second < 10; second++) await clock.advance(1000);
    expect(await outcome).toMatchObject({ kind: "gave up", reason: expect.stringContaining("nothing answers") });
  });
});
