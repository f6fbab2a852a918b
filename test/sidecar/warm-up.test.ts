import { describe, expect, test } from "vitest";
import type { Waiting } from "../../sidecar/waiting.ts";
import { warmUp } from "../../sidecar/warm-up.ts";
import { imds, METADATA, RESOURCE, testEndpoint } from "./endpoint.ts";
import { granted, refusing, unavailable } from "./fake-issuer.ts";

async function isDone(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
}

function warmingUp(audiences: readonly string[]) {
  const endpoint = testEndpoint();
  const told: Waiting[] = [];
  const start = () =>
    warmUp({ handler: endpoint.handler, audiences, clock: endpoint.clock, onWaiting: (waiting) => told.push(waiting) });
  return { ...endpoint, told, start };
}

describe("warmUp", () => {
  test("with audiences: waits until each token is in memory", async () => {
    const { issuer, clock, get, start, told } = warmingUp([RESOURCE, "https://other"]);
    issuer.answers(({ audience }) => (audience === RESOURCE ? granted(1) : refusing()));
    const done = start();
    await clock.advance(0);
    await clock.advance(60_000);
    expect([await isDone(done), told[0]?.code]).toEqual([false, "RoleAssignmentRequired"]);
    issuer.answers(granted(2));
    await clock.advance(2000);
    await done;
    const calls = issuer.calls;
    await get(imds(), METADATA);
    expect(issuer.calls).toBe(calls);
  });

  test("without: waits until the issuer confirms that the pod may use an identity, and asks for no token", async () => {
    const { issuer, clock, start, told } = warmingUp([]);
    issuer.identities = refusing({ code: "NoIdentity" });
    const done = start();
    await clock.advance(0);
    await clock.advance(60_000);
    expect([await isDone(done), told[0]?.code]).toEqual([false, "NoIdentity"]);
    issuer.identities = { kind: "confirmed" };
    await clock.advance(2000);
    await done;
    expect(issuer.calls).toBe(0);
  });

  test("an identity that appears soon is felt soon, and one that never does costs half a call a second", async () => {
    const { issuer, clock, start } = warmingUp([]);
    issuer.identities = unavailable;
    void start();
    await clock.advance(0);
    await clock.advance(1000);
    expect(issuer.identityChecks).toBe(3);
    const before = issuer.identityChecks;
    await clock.advance(60_000);
    expect(issuer.identityChecks - before).toBeLessThanOrEqual(31);
  });
});
