import { beforeEach, expect, test } from "vitest";
import { OneAtATime } from "../../../cli/process/one-at-a-time.ts";

let mayRun: boolean;
let running: number;
/** How each stop goes on, in the order of the calls. */
let stops: PromiseWithResolvers<void>[];
let instances: OneAtATime<{ stop(): Promise<void> }>;

beforeEach(() => {
  mayRun = true;
  running = 0;
  stops = [];
  instances = new OneAtATime(create, () => mayRun);
});

function create() {
  running += 1;
  return {
    async stop() {
      const stop = Promise.withResolvers<void>();
      stops.push(stop);
      await stop.promise;
      running -= 1;
    },
  };
}

/** Lets everything go on that waits for nothing but promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function endStop(): Promise<void> {
  await settle();
  stops.shift()?.resolve();
  await settle();
}

test("a restart starts the next instance only after the stop", async () => {
  await instances.start();
  const restarted = instances.restart();
  await settle();
  expect([running, stops.length]).toEqual([1, 1]);
  await endStop();
  await restarted;
  expect([running, instances.current === undefined]).toEqual([1, false]);
});

test("a restart starts nothing if the right to run is lost before the stop ends", async () => {
  await instances.start();
  const restarted = instances.restart();
  await settle();
  mayRun = false;
  await endStop();
  await restarted;
  expect([running, instances.current]).toEqual([0, undefined]);
});

test("a stop during a restart ends what the restart started", async () => {
  await instances.start();
  const done = Promise.all([instances.restart(), instances.stop()]);
  await endStop();
  await endStop();
  await done;
  expect([running, instances.current]).toEqual([0, undefined]);
});

test("a restart starts nothing where nothing runs, and a second start starts nothing more", async () => {
  await instances.restart();
  expect(running).toBe(0);
  await Promise.all([instances.start(), instances.start()]);
  expect(running).toBe(1);
});

test("a stop that fails is its caller's error, and the next step runs", async () => {
  await instances.start();
  const failing = instances.stop();
  await settle();
  stops.shift()?.reject(new Error("broken"));
  await expect(failing).rejects.toThrow("broken");
  const again = instances.stop();
  await endStop();
  await again;
  expect([running, instances.current]).toEqual([0, undefined]);
});
