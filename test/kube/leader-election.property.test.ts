import fc from "fast-check";
import { describe, expect } from "vitest";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { historyProperty } from "../support/property.ts";
import { Candidate, skewed } from "./candidate.ts";
import { clusterKinds } from "./cluster-kinds.ts";
import { type Fate, LossyApi, prompt } from "./lossy-api.ts";

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(prompt) },
  fc.record({
    requestMilliseconds: fc.nat(8_000),
    replyMilliseconds: fc.nat(8_000),
    lost: fc.constantFrom("nothing", "request", "reply"),
  }),
);

type Step =
  | { readonly does: "wait"; readonly milliseconds: number }
  | { readonly does: "way"; readonly of: number; readonly fate: Fate }
  | { readonly does: "restart" | "crash"; readonly of: number };

const CANDIDATES = 2;
const of = fc.nat(CANDIDATES - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("wait"), milliseconds: fc.nat(12_000) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("way"), of, fate }) },
  fc.record({ does: fc.constantFrom("restart", "crash"), of }),
);

/** As long as a call can be under way, then until the lease expires and somebody tries. */
const HEALING_MS = 40_000;
const SKEWS_MS = [0, -3_600_000];

/** Processes that are ended and started again, each with its own way to the API and its own idea of the time. */
class Replicas {
  readonly clock = new FakeClock();
  readonly #api = new InMemoryApi({ kinds: clusterKinds, clock: this.clock });
  readonly #fates: Fate[] = Array.from({ length: CANDIDATES }, () => prompt);
  readonly #living: Candidate[];
  readonly #stopping: Promise<void>[] = [];
  #started = 0;
  /** There can be more of them only from when one begins. */
  mostLeaders = 0;

  constructor() {
    this.#living = this.#fates.map((_, index) => this.#start(index));
  }

  leaders(): number {
    return this.#living.filter(({ election }) => election.isLeader()).length;
  }

  async take(step: Step): Promise<void> {
    switch (step.does) {
      case "wait":
        return this.#wait(step.milliseconds);
      case "way":
        this.#fates[step.of] = step.fate;
        return;
      case "restart":
        this.#stop(step.of);
        this.#living[step.of] = this.#start(step.of);
        return settle();
      case "crash":
        // It never hears of anything again; what it sent is still under way.
        this.#fates[step.of] = { ...prompt, lost: "request" };
        this.#stop(step.of);
        this.#fates[step.of] = prompt;
        this.#living[step.of] = this.#start(step.of);
        return settle();
    }
  }

  async heal(): Promise<void> {
    this.#fates.fill(prompt);
    await this.#wait(HEALING_MS);
  }

  async end(): Promise<void> {
    for (const index of this.#living.keys()) this.#stop(index);
    await Promise.all(this.#stopping);
  }

  async #wait(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    expect(this.mostLeaders).toBeLessThanOrEqual(1);
  }

  #start(index: number): Candidate {
    const api = new LossyApi(this.#api, this.clock, () => this.#fates[index] ?? prompt);
    const clock = skewed(this.clock, SKEWS_MS[index] ?? 0);
    return new Candidate(api, clock, `replica-${index}-${this.#started++}`, () => {
      this.mostLeaders = Math.max(this.mostLeaders, this.leaders());
    });
  }

  #stop(index: number): void {
    const candidate = this.#living[index];
    if (candidate !== undefined) this.#stopping.push(candidate.election.stop());
  }
}

describe("leader election, whatever is lost or late", () => {
  historyProperty<[Step[]]>(
    "never has two leaders, and in the end has one",
    [fc.array(step, { maxLength: 12 })],
    async (steps) => {
      const replicas = new Replicas();
      await settle();
      for (const each of steps) await replicas.take(each);
      await replicas.heal();
      expect(replicas.leaders()).toBe(1);
      await replicas.end();
      expect(replicas.clock.pending).toBe(0);
    },
  );
});
