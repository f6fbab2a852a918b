import { describe, expect, test } from "vitest";
import { IssuerGate } from "../../sidecar/issuer-gate.ts";
import { tokenQuery } from "../../sidecar/token.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeIssuer, granted, refusing, throttling, unavailable } from "./fake-issuer.ts";

const query = tokenQuery("a", { by: "default" });

function testGate(simultaneous = 2, perSecond = 50) {
  const clock = new FakeClock();
  const issuer = new FakeIssuer();
  return { clock, issuer, gate: new IssuerGate(issuer, { clock, simultaneous, perSecond }) };
}

describe("IssuerGate", () => {
  test("after a 429 nothing is asked before the time that it named", async () => {
    const { clock, issuer, gate } = testGate();
    issuer.answers(throttling(30));
    await gate.requestToken(query);
    issuer.answers(granted(1));
    await clock.advance(29_500);
    expect(await gate.requestToken(query)).toEqual({ kind: "throttled", retryAfterSeconds: 1 });
    expect(issuer.calls).toBe(1);
    await clock.advance(500);
    expect((await gate.requestToken(query)).kind).toBe("token");
  });

  test("lets so many through at a time, and the next when one is back", async () => {
    const { issuer, gate } = testGate(2);
    const ask = () => gate.requestToken(query);
    expect((await Promise.all([ask(), ask(), ask()])).map(({ kind }) => kind)).toEqual(["token", "token", "throttled"]);
    expect((await ask()).kind).toBe("token");
    expect(issuer.calls).toBe(3);
  });

  test("lets so many through in a second, refused or not: no order of audiences makes a pod flood its issuer", async () => {
    const { clock, issuer, gate } = testGate(2, 3);
    for (const answer of [refusing(), unavailable, granted(1)]) {
      issuer.answers(answer);
      await gate.requestToken(query);
    }
    expect(await gate.requestToken(query)).toEqual({ kind: "throttled", retryAfterSeconds: 1 });
    expect(issuer.calls).toBe(3);
    await clock.advance(1000);
    expect((await gate.requestToken(query)).kind).toBe("token");
  });

  test("a client that fails counts as an issuer that is away, and as a call that is over", async () => {
    const { issuer, gate } = testGate(1);
    issuer.answers(() => Promise.reject(new Error("broken")));
    expect((await gate.requestToken(query)).kind).toBe("unavailable");
    expect((await gate.requestToken(query)).kind).toBe("unavailable");
  });

  test.each([
    ["a token", granted(1)],
    ["a refusal", refusing()],
    ["a 429", throttling(1)],
  ])("after a failure, %s is an answer", async (_name, reply) => {
    const { issuer, gate } = testGate();
    issuer.answers(unavailable);
    await gate.requestToken(query);
    expect(gate.failure).toBe("connection refused");
    issuer.answers(reply);
    await gate.requestToken(query);
    expect(gate.failure).toBeUndefined();
  });

  test("a 429 to a token request also holds back the question for the pod's identities", async () => {
    const { clock, issuer, gate } = testGate();
    issuer.answers(throttling(30));
    await gate.requestToken(query);
    expect(await gate.checkIdentities()).toEqual({ kind: "throttled", retryAfterSeconds: 30 });
    await clock.advance(30_000);
    expect(await gate.checkIdentities()).toEqual({ kind: "confirmed" });
    expect(issuer.identityChecks).toBe(1);
  });
});
