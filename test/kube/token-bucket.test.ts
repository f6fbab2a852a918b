import { describe, expect, test } from "vitest";
import { TokenBuckets } from "../../kube/token-bucket.ts";
import { FakeClock } from "../support/fake-clock.ts";

const takeAll = (buckets: TokenBuckets, key: string, count: number): number[] =>
  Array.from({ length: count }, () => buckets.take(key));

describe("TokenBuckets", () => {
  test("a burst is served, then one at the rate", async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 2, burst: 3 }, clock);
    expect(takeAll(buckets, "a", 4)).toEqual([0, 0, 0, 1]);
    await clock.advance(500);
    expect(takeAll(buckets, "a", 2)).toEqual([0, 1]);
  });

  test("the wait is in whole seconds, and long enough", async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 0.4, burst: 1 }, clock);
    expect(takeAll(buckets, "a", 2)).toEqual([0, 3]);
    await clock.advance(3000);
    expect(buckets.take("a")).toBe(0);
  });

  test("who is charged more than there is waits until the debt is paid", async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 2, burst: 3 }, clock);
    expect(buckets.take("a")).toBe(0);
    buckets.charge("a", 9);
    expect(buckets.take("a")).toBe(4);
    await clock.advance(4000);
    expect(takeAll(buckets, "a", 2)).toEqual([0, 1]);
  });

  test("it never holds more than the burst", async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 10, burst: 2 }, clock);
    await clock.advance(3_600_000);
    expect(takeAll(buckets, "a", 3)).toEqual([0, 0, 1]);
  });

  test("one key's bucket is not another's", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, new FakeClock());
    expect(takeAll(buckets, "a", 2)).toEqual([0, 1]);
    expect(buckets.take("b")).toBe(0);
  });

  test("their number is bounded: the one unused for longest goes", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, new FakeClock(), 2);
    for (const key of ["a", "b", "a", "c"]) buckets.take(key);
    expect(buckets.size).toBe(2);
    expect(buckets.take("a")).toBe(1);
    expect(buckets.take("b")).toBe(0);
  });
});
