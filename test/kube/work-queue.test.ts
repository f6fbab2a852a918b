import { beforeEach, describe, expect, test } from "vitest";
import { WorkQueue, type WorkQueueOptions } from "../../kube/work-queue.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

/** Runs that a test ends when it likes. */
class Runs {
  readonly started: string[] = [];
  readonly #open = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();

  readonly reconcile = (key: string): Promise<void> => {
    this.started.push(key);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#open.set(key, { resolve, reject });
    return promise;
  };

  async succeed(key: string): Promise<void> {
    this.#open.get(key)?.resolve();
    await settle();
  }

  async fail(key: string): Promise<void> {
    this.#open.get(key)?.reject(new Error(`${key} failed`));
    await settle();
  }
}

describe("WorkQueue", () => {
  let clock: FakeClock;
  let runs: Runs;

  beforeEach(() => {
    clock = new FakeClock();
    runs = new Runs();
  });
  const queueWith = (options: Partial<WorkQueueOptions> = {}): WorkQueue =>
    new WorkQueue({ clock, reconcile: runs.reconcile, random: () => 0.999_999, ...options });

  test("a key that is added often before it runs, runs once", async () => {
    const queue = queueWith();
    for (let times = 0; times < 5; times++) queue.add("a");
    await settle();
    expect(runs.started).toEqual(["a"]);
    await runs.succeed("a");
    await queue.idle();
    expect(runs.started).toEqual(["a"]);
  });

  test("does not run while the caller still stands in its change", () => {
    queueWith().add("a");
    expect(runs.started).toEqual([]);
  });

  test("a key that is added while it runs, runs once more afterwards and never beside itself", async () => {
    const queue = queueWith();
    queue.add("a");
    await settle();
    queue.add("a");
    queue.add("a");
    await settle();
    expect(runs.started).toEqual(["a"]);
    await runs.succeed("a");
    expect(runs.started).toEqual(["a", "a"]);
    await runs.succeed("a");
    expect(runs.started).toEqual(["a", "a"]);
  });

  test("works on as many keys at once as it may, first come first served", async () => {
    const queue = queueWith({ concurrency: 2 });
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    await settle();
    expect(runs.started).toEqual(["a", "b"]);
    await runs.succeed("b");
    expect(runs.started).toEqual(["a", "b", "c"]);
  });

  test("a key for later waits its time", async () => {
    const queue = queueWith();
    queue.addAfter("a", 1000);
    await clock.advance(999);
    expect(runs.started).toEqual([]);
    await clock.advance(1);
    expect(runs.started).toEqual(["a"]);
  });

  test.each([
    { first: 1000, second: 500 },
    { first: 500, second: 1000 },
  ])("of the delays $first and $second the earlier counts, once", async ({ first, second }) => {
    const queue = queueWith();
    queue.addAfter("a", first);
    queue.addAfter("a", second);
    expect(clock.pending).toBe(1);
    await clock.advance(500);
    expect(runs.started).toEqual(["a"]);
    await runs.succeed("a");
    await clock.advance(10_000);
    expect(runs.started).toEqual(["a"]);
  });

  test("an add does not make a later one forgotten", async () => {
    const queue = queueWith();
    queue.addAfter("a", 1000);
    queue.add("a");
    await settle();
    await runs.succeed("a");
    await clock.advance(1000);
    expect(runs.started).toEqual(["a", "a"]);
  });

  test("a delay that is longer than the clock's longest timer is still kept", async () => {
    const longest = 1000;
    const capped = {
      now: () => clock.now(),
      after: (milliseconds: number, call: () => void) => clock.after(Math.min(milliseconds, longest), call),
    };
    const queue = queueWith({ clock: capped });
    queue.addAfter("a", 3500);
    await clock.advance(3499);
    expect(runs.started).toEqual([]);
    await clock.advance(1);
    expect(runs.started).toEqual(["a"]);
  });

  test("a failure is reported and tried again, later each time", async () => {
    const errors: string[] = [];
    const queue = queueWith({ onError: (key, error) => errors.push(`${key}: ${error}`) });
    queue.add("a");
    await settle();
    for (const wait of [100, 200, 400, 800]) {
      await runs.fail("a");
      const before = runs.started.length;
      await clock.advance(wait - 1);
      expect(runs.started).toHaveLength(before);
      await clock.advance(1);
      expect(runs.started).toHaveLength(before + 1);
    }
    expect(errors).toEqual(Array(4).fill("a: Error: a failed"));
  });

  test("a success forgives the failures before it", async () => {
    const queue = queueWith();
    queue.add("a");
    await settle();
    await runs.fail("a");
    await clock.advance(100);
    await runs.fail("a");
    await clock.advance(200);
    await runs.succeed("a");
    queue.add("a");
    await settle();
    await runs.fail("a");
    await clock.advance(100);
    expect(runs.started).toHaveLength(5);
  });

  test("one key's failures delay no other", async () => {
    const queue = queueWith();
    queue.add("a");
    queue.add("b");
    await settle();
    await runs.fail("a");
    await clock.advance(100);
    await runs.fail("a");
    await runs.fail("b");
    await clock.advance(100);
    expect(runs.started.filter((key) => key === "b")).toHaveLength(2);
  });

  test("a reconcile that throws before it awaits is a failure like any other", async () => {
    const errors: unknown[] = [];
    const reconcile = (): Promise<void> => {
      throw new Error("at once");
    };
    queueWith({ reconcile, onError: (_, error) => errors.push(error) }).add("a");
    await settle();
    expect(errors).toEqual([new Error("at once")]);
  });

  test("is idle when nothing waits and nothing runs", async () => {
    const queue = queueWith({ concurrency: 1 });
    await queue.idle();
    queue.add("a");
    queue.add("b");
    let idle = false;
    const waiting = queue.idle().then(() => {
      idle = true;
    });
    await settle();
    await runs.succeed("a");
    expect(idle).toBe(false);
    await runs.succeed("b");
    await waiting;
  });

  test("stops when what runs has ended, and starts nothing more", async () => {
    const queue = queueWith({ concurrency: 1 });
    queue.add("a");
    queue.add("b");
    queue.addAfter("c", 1000);
    await settle();
    queue.add("a");
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect(stopped).toBe(false);
    await runs.succeed("a");
    await stopping;
    queue.add("d");
    queue.addAfter("e", 10);
    await clock.advance(10_000);
    expect(runs.started).toEqual(["a"]);
    expect(clock.pending).toBe(0);
  });

  test("a run that fails while the queue stops is not tried again", async () => {
    const queue = queueWith();
    queue.add("a");
    await settle();
    const stopping = queue.stop();
    await runs.fail("a");
    await stopping;
    expect(clock.pending).toBe(0);
  });
});
