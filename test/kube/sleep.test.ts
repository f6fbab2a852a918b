import { describe, expect, test } from "vitest";
import { sleep } from "../../kube/sleep.ts";
import { FakeClock } from "../support/fake-clock.ts";

describe("sleep", () => {
  const sleeping = (clock: FakeClock, signal: AbortSignal) => {
    let awake = false;
    const done = sleep(clock, 1000, signal).then(() => {
      awake = true;
    });
    return { done, isAwake: () => awake };
  };

  test("waits its time", async () => {
    const clock = new FakeClock();
    const { isAwake } = sleeping(clock, new AbortController().signal);
    await clock.advance(999);
    expect(isAwake()).toBe(false);
    await clock.advance(1);
    expect(isAwake()).toBe(true);
  });

  test("ends at once when its signal aborts, and leaves no timer", async () => {
    const clock = new FakeClock();
    const stopping = new AbortController();
    const { done } = sleeping(clock, stopping.signal);
    stopping.abort();
    await done;
    expect(clock.pending).toBe(0);
  });

  test("does not begin when its signal has aborted", async () => {
    const clock = new FakeClock();
    await sleep(clock, 1000, AbortSignal.abort());
    expect(clock.pending).toBe(0);
  });
});
