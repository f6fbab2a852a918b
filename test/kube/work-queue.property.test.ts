import fc from "fast-check";
import { describe, expect } from "vitest";
import type { Clock } from "../../kube/clock.ts";
import { WorkQueue } from "../../kube/work-queue.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { historyProperty } from "../support/property.ts";

const CONCURRENCY = 2;
const key = fc.constantFrom("a", "b", "c", "d");
type Step =
  | { readonly does: "add"; readonly key: string }
  | { readonly does: "addAfter"; readonly key: string; readonly milliseconds: number }
  | { readonly does: "wait"; readonly milliseconds: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant("add"), key }),
  fc.record({ does: fc.constant("addAfter"), key, milliseconds: fc.nat(300) }),
  fc.record({ does: fc.constant("wait"), milliseconds: fc.nat(200) }),
);
/** How each run goes: how long it takes, and whether it fails. */
const run = fc.record({ milliseconds: fc.nat(50), fails: fc.boolean() });
const MEANT_TO_FAIL = new Error("This run was to fail.");
type Run = { readonly milliseconds: number; readonly fails: boolean };

/** A reconciler that checks the queue's promises while it is called. */
class Reconciler {
  readonly running = new Set<string>();
  readonly changed = new Map<string, number>();
  readonly seen = new Map<string, number>();
  readonly #clock: Clock;
  readonly #runs: Run[];

  constructor(clock: Clock, runs: readonly Run[]) {
    this.#clock = clock;
    this.#runs = [...runs];
  }

  readonly reconcile = async (key: string): Promise<void> => {
    expect(this.running).not.toContain(key);
    this.running.add(key);
    expect(this.running.size).toBeLessThanOrEqual(CONCURRENCY);
    const version = this.changed.get(key) ?? 0;
    const { milliseconds, fails } = this.#runs.pop() ?? { milliseconds: 0, fails: false };
    await new Promise<void>((resolve) => this.#clock.after(milliseconds, resolve));
    this.running.delete(key);
    if (fails) throw MEANT_TO_FAIL;
    this.seen.set(key, version);
  };

  change(key: string): void {
    this.changed.set(key, (this.changed.get(key) ?? 0) + 1);
  }
}

class World {
  readonly clock = new FakeClock();
  readonly reconciler: Reconciler;
  readonly queue: WorkQueue;
  readonly violations: unknown[] = [];

  constructor(runs: readonly Run[]) {
    this.reconciler = new Reconciler(this.clock, runs);
    this.queue = new WorkQueue({
      ...{ clock: this.clock, reconcile: this.reconciler.reconcile, concurrency: CONCURRENCY, random: () => 0.5 },
      onError: (_, error) => {
        if (error !== MEANT_TO_FAIL) this.violations.push(error);
      },
    });
  }

  async take(step: Step): Promise<void> {
    if (step.does === "wait") return this.clock.advance(step.milliseconds);
    this.reconciler.change(step.key);
    if (step.does === "add") this.queue.add(step.key);
    else this.queue.addAfter(step.key, step.milliseconds);
  }

  async finish(): Promise<void> {
    await settle();
    await this.clock.advance(3_600_000);
    await this.queue.idle();
  }
}

describe("WorkQueue, whatever happens", () => {
  historyProperty<[Step[], Run[]]>(
    "runs no key twice at once, no more than it may, and every change is seen by a run that began after it",
    [fc.array(step, { maxLength: 40 }), fc.array(run, { maxLength: 20 })],
    async (steps, runs) => {
      const world = new World(runs);
      for (const each of steps) await world.take(each);
      await world.finish();
      expect(world.violations).toEqual([]);
      expect(world.reconciler.seen).toEqual(world.reconciler.changed);
      expect(world.clock.pending).toBe(0);
    },
  );
});
