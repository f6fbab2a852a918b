import fc from "fast-check";
import { describe, expect } from "vitest";
import { type Informer, startInformer } from "../../kube/informer.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { isStatus, type StatusReason } from "../../kube/status-error.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { historyProperty } from "../support/property.ts";
import { FlakyApi } from "./flaky-api.ts";
import { type Widget, widget, widgets } from "./widget.ts";

type Step =
  | { readonly does: "create" | "change" | "remove"; readonly name: string }
  | { readonly does: "fail"; readonly call: "list" | "watch"; readonly reason: StatusReason }
  | { readonly does: "wait"; readonly milliseconds: number }
  | { readonly does: "close" | "stall" | "flow" | "settle" };

const name = fc.constantFrom("one", "two", "three", "four");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom("create", "change", "remove"), name }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom("close", "stall", "flow", "settle") }) },
  fc.record({
    does: fc.constant("fail"),
    call: fc.constantFrom("list", "watch"),
    reason: fc.constantFrom("Expired", "InternalError", "TooManyRequests"),
  }),
  fc.record({ does: fc.constant("wait"), milliseconds: fc.nat(5000) }),
);

const HISTORY = 3;
/** Longer than any backoff, and as many rounds as failures can be waiting. */
const HEALING = { milliseconds: 60_000, rounds: 50 };

class World {
  readonly clock = new FakeClock();
  readonly api = new InMemoryApi({ kinds: [widgets], clock: this.clock, historyLimit: HISTORY });
  readonly flaky = new FlakyApi(this.api);
  readonly informer: Informer<Widget>;
  /** What somebody knows who only listened. */
  readonly heard = new Map<string, string>();

  constructor() {
    const indexes = { size: ({ metadata }: Widget) => Object.values(metadata.labels ?? {}) };
    this.informer = startInformer(this.flaky, widgets, { clock: this.clock, random: () => 0.5, indexes });
    this.informer.store.subscribe(({ type, object: { metadata } }) => {
      if (type === "delete") this.heard.delete(metadata.name);
      else this.heard.set(metadata.name, metadata.resourceVersion);
    });
  }

  async take(step: Step, count: number): Promise<void> {
    switch (step.does) {
      case "create":
      case "change":
      case "remove":
        return this.#write(step.does, step.name, count);
      case "fail":
        return this.flaky.failNext(step.call, step.reason);
      case "wait":
        return this.clock.advance(step.milliseconds);
      case "settle":
        return settle();
      case "close":
        return this.flaky.closeWatches();
      case "stall":
      case "flow":
        return this.flaky[step.does]();
    }
  }

  async heal(): Promise<void> {
    this.flaky.flow();
    for (let round = 0; round < HEALING.rounds; round++) await this.clock.advance(HEALING.milliseconds);
  }

  async #write(does: "create" | "change" | "remove", name: string, count: number): Promise<void> {
    const labelled = widget(name, { metadata: { labels: { size: String(count) } } });
    try {
      if (does === "create") await this.api.create(widgets, widget(name));
      else if (does === "change") await this.api.apply(widgets, labelled, { fieldManager: "test" });
      else await this.api.delete(widgets, { namespace: "shop", name });
    } catch (error) {
      if (!isStatus(error, "NotFound") && !isStatus(error, "AlreadyExists")) throw error;
    }
  }
}

describe("an informer, whatever breaks", () => {
  historyProperty<[Step[]]>(
    "ends up with what a fresh list says, in the store, in its index and in what it told",
    [fc.array(step, { maxLength: 40 })],
    async (steps) => {
      const world = new World();
      for (const [count, each] of steps.entries()) await world.take(each, count);
      await world.heal();
      const { items } = await world.api.list(widgets);
      const { store } = world.informer;
      expect([...store.values()].sort(byName)).toEqual([...items].sort(byName));
      expect(world.heard).toEqual(new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion])));
      for (const item of items) {
        for (const size of Object.values(item.metadata.labels ?? {}))
          expect(store.by("size", size)).toContainEqual(item);
      }
      await world.informer.stop();
      expect(world.clock.pending).toBe(0);
    },
  );
});

const byName = (one: Widget, other: Widget): number => one.metadata.name.localeCompare(other.metadata.name);
