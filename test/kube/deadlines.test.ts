import { describe, expect, test } from "vitest";
import { Deadlines } from "../../kube/deadlines.ts";
import { FakeClock } from "../support/fake-clock.ts";

/** A clock whose time of day can jump while its timers run on. */
class SettableClock extends FakeClock {
  offset = 0;

  override now(): number {
    return super.now() + this.offset;
  }
}

function deadlines() {
  const clock = new SettableClock();
  const due: string[] = [];
  return { clock, due, deadlines: new Deadlines(clock, (key) => due.push(key)), start: clock.now() };
}

const DAY = 24 * 60 * 60_000;

describe("a key falls due", () => {
  test("at its time, not a millisecond before, and once", async () => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("a", start + 25_000);
    await clock.advance(24_999);
    expect(due).toEqual([]);
    await clock.advance(1);
    await clock.advance(DAY);
    expect(due).toEqual(["a"]);
  });

  test.each([
    { was: 3000, is: 1000 },
    { was: 1000, is: 3000 },
  ])("at the time that was said last: $is, no more at $was", async ({ was, is }) => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("a", start + was);
    it.set("a", start + is);
    await clock.advance(is - 1);
    expect(due).toEqual([]);
    await clock.advance(1);
    expect(due).toEqual(["a"]);
    await clock.advance(DAY);
    expect(due).toEqual(["a"]);
  });

  test("at once when its time is over", async () => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("a", start - DAY);
    await clock.advance(0);
    expect(due).toEqual(["a"]);
  });

  test("also after more milliseconds than a timer of Node can count", async () => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("far", start + 2 ** 31 + 1);
    await clock.advance(2 ** 31);
    expect(due).toEqual([]);
    await clock.advance(1);
    expect(due).toEqual(["far"]);
  });
});

describe("a clock that is set", () => {
  test("forward: what is due by then is noticed within ten seconds", async () => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("a", start + DAY);
    clock.offset = DAY;
    await clock.advance(10_000);
    expect(due).toEqual(["a"]);
  });

  test("back: nothing falls due before the time that was meant", async () => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("a", start + 5000);
    clock.offset = -60_000;
    await clock.advance(60_000);
    expect(due).toEqual([]);
    await clock.advance(5000);
    expect(due).toEqual(["a"]);
  });
});

test("ten thousand keys wait by one timer, and those of one second fall due together", async () => {
  const { clock, due, deadlines: it, start } = deadlines();
  for (let each = 0; each < 10_000; each += 1) it.set(`${each}`, start + 1000 + (each % 2) * DAY);
  expect(clock.pending).toBe(1);
  await clock.advance(1000);
  expect(due).toHaveLength(5000);
  expect(clock.pending).toBe(1);
});

test("nothing falls due, and no timer is left, after clear", async () => {
  const { clock, due, deadlines: it, start } = deadlines();
  it.set("a", start + 1000);
  it.clear();
  expect(clock.pending).toBe(0);
  await clock.advance(DAY);
  expect(due).toEqual([]);
});

describe("a key that was deleted", () => {
  test("does not fall due, and another does at its time", async () => {
    const { clock, due, deadlines: it, start } = deadlines();
    it.set("a", start + 1000);
    it.set("b", start + 2000);
    it.delete("a");
    await clock.advance(1999);
    expect(due).toEqual([]);
    await clock.advance(1);
    expect(due).toEqual(["b"]);
  });

  test("leaves no timer when it was the last", () => {
    const { clock, deadlines: it, start } = deadlines();
    it.set("a", start + 10 * 365 * DAY);
    it.delete("a");
    expect(clock.pending).toBe(0);
  });
});
