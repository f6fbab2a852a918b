import { describe, expect, test } from "vitest";
import { Refused } from "../../../issuer/endpoint.ts";
import { enforceRateLimit } from "../../../issuer/steps/enforce-rate-limit.ts";
import { TokenBuckets } from "../../../kube/token-bucket.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const caller = (namespace: string, uid: string) => ({
  caller: { namespace, pod: { name: "a", uid }, serviceAccount: { name: "a", uid: "1" } },
});

describe("enforceRateLimit", () => {
  const clock = new FakeClock();
  const limits = (perPod: number, perNamespace: number) =>
    enforceRateLimit({
      perPod: new TokenBuckets({ perSecond: 0.25, burst: perPod }, clock),
      perNamespace: new TokenBuckets({ perSecond: 0.25, burst: perNamespace }, clock),
    });

  test("a pod that asks too often is refused with the wait", () => {
    const step = limits(1, 100);
    expect(step(caller("shop", "1"))).not.toBeInstanceOf(Refused);
    const refused = step(caller("shop", "1"));
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ refusal: { code: "RateLimited" }, retryAfterSeconds: 4 });
  });

  test("many pods of one namespace share its limit, and those of another do not", () => {
    const step = limits(100, 2);
    const outcomes = ["1", "2", "3"].map((uid) => step(caller("shop", uid)) instanceof Refused);
    expect(outcomes).toEqual([false, false, true]);
    expect(step(caller("payments", "4"))).not.toBeInstanceOf(Refused);
  });

  test("a pod over its own limit does not use up its namespace's", () => {
    const step = limits(1, 2);
    for (let count = 0; count < 5; count += 1) step(caller("shop", "1"));
    expect(step(caller("shop", "2"))).not.toBeInstanceOf(Refused);
  });
});
