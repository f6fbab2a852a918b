import { expect, test } from "vitest";
import { Term } from "../../kube/term.ts";
import { FakeClock } from "../support/fake-clock.ts";

const SECONDS = 10_000;

test("a term lasts from a renewal that succeeded until so long after it was sent", async () => {
  const clock = new FakeClock();
  const term = new Term(clock, SECONDS);
  const renewal = term.prepare();
  await clock.advance(4000);
  expect(term.isRunning()).toBe(false);
  renewal.succeed();
  await clock.advance(5999);
  expect(term.isRunning()).toBe(true);
  await clock.advance(1);
  expect([term.isRunning(), term.signal.aborted]).toEqual([false, true]);
});

test("a term that ended does not begin again", async () => {
  const clock = new FakeClock();
  const term = new Term(clock, SECONDS);
  term.prepare().succeed();
  term.end();
  term.prepare().succeed();
  expect(term.isRunning()).toBe(false);
});

test("of a machine that slept, a term has ended before any timer says so", () => {
  const clock = new FakeClock();
  let slept = 0;
  const term = new Term({ now: () => clock.now() + slept, after: (...wait) => clock.after(...wait) }, SECONDS);
  term.prepare().succeed();
  slept = SECONDS;
  expect([term.isRunning(), term.signal.aborted]).toEqual([false, false]);
});

test("a renewal answered too late does not count, not even where the clock was set back", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const term = new Term({ now: () => start, after: (...wait) => clock.after(...wait) }, SECONDS);
  const renewal = term.prepare();
  await clock.advance(SECONDS);
  renewal.succeed();
  expect(term.isRunning()).toBe(false);
});

test("a machine that slept over the answer of its first renewal can still be given the term", async () => {
  const clock = new FakeClock();
  let slept = 0;
  const term = new Term({ now: () => clock.now() + slept, after: (...wait) => clock.after(...wait) }, SECONDS);
  const asleep = term.prepare();
  slept = SECONDS;
  asleep.succeed();
  asleep.end();
  await clock.advance(SECONDS);
  term.prepare().succeed();
  expect(term.isRunning()).toBe(true);
});
