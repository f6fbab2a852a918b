import { describe, expect, test } from "vitest";
import { warmUp } from "../../sidecar/warm-up.ts";
import { imds, METADATA, RESOURCE, testEndpoint } from "./endpoint.ts";
import { granted, refusing, unavailable } from "./fake-issuer.ts";

async function isDone(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
}

describe("warmUp", () => {
  test("with audiences: waits until each token is in memory", async () => {
    const { handler, issuer, clock, get } = testEndpoint();
    issuer.answers(({ audience }) => (audience === RESOURCE ? granted(1) : refusing()));
    const done = warmUp(handler, [RESOURCE, "https://other"], clock);
    await clock.advance(0);
    await clock.advance(60_000);
    expect(await isDone(done)).toBe(false);
    issuer.answers(granted(2));
    await clock.advance(1000);
    await done;
    const calls = issuer.calls;
    await get(imds(), METADATA);
    expect(issuer.calls).toBe(calls);
  });

  test("without: waits until the issuer has answered, be it with a refusal", async () => {
    const { handler, issuer, clock } = testEndpoint();
    issuer.answers(unavailable);
    const done = warmUp(handler, [], clock);
    await clock.advance(0);
    await clock.advance(60_000);
    expect(await isDone(done)).toBe(false);
    issuer.answers(refusing());
    await clock.advance(1000);
    await done;
  });

  test("asks an issuer that is away once a second", async () => {
    const { handler, issuer, clock } = testEndpoint();
    issuer.answers(unavailable);
    void warmUp(handler, [RESOURCE], clock);
    await clock.advance(0);
    await clock.advance(9_900);
    expect(issuer.calls).toBe(10);
  });
});
