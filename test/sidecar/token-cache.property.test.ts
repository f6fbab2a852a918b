import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IssuerReply } from "../../sidecar/issuer-reply.ts";
import { defaultLimits } from "../../sidecar/limits.ts";
import { tokenQuery } from "../../sidecar/token.ts";
import { type Outcome, TokenCache } from "../../sidecar/token-cache.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { CASES } from "../support/property.ts";
import { FakeIssuer, granted, refusing, throttling, unavailable } from "./fake-issuer.ts";

interface Tested {
  readonly clock: FakeClock;
  readonly issuer: FakeIssuer;
  readonly cache: TokenCache;
}

/** One thing that happens to a cache; the name is what a failing run prints. */
interface Step {
  readonly name: string;
  run(tested: Tested): Promise<Outcome | undefined>;
}

const CACHED_TOKENS = 3;

function testCache(): Tested {
  const clock = new FakeClock();
  const issuer = new FakeIssuer();
  const limits = { ...defaultLimits, cachedTokens: CACHED_TOKENS };
  return { clock, issuer, cache: new TokenCache({ issuer, clock, random: () => 0.5, limits }) };
}

const audience = fc.constantFrom("a", "b", "c", "d");
const queryOf = (name: string) => tokenQuery(name, { by: "default" });

const wait = fc.integer({ min: 0, max: 4000 }).map(
  (seconds): Step => ({
    name: `wait ${seconds} s`,
    run: async ({ clock }) => {
      await clock.advance(seconds * 1000);
      return undefined;
    },
  }),
);
const get = audience.map((name): Step => ({ name: `get ${name}`, run: async ({ cache }) => cache.get(queryOf(name)) }));
const getFresh = audience.map(
  (name): Step => ({ name: `get ${name} fresh`, run: ({ cache }) => cache.getFresh(queryOf(name)) }),
);
const reply: fc.Arbitrary<IssuerReply> = fc.oneof(
  fc.integer({ min: 1, max: 7200 }).map((lifetime) => granted(1, lifetime)),
  fc.constantFrom(unavailable, refusing(), throttling(30)),
);
const answer = reply.map(
  (answered): Step => ({
    name: `issuer: ${JSON.stringify(answered)}`,
    run: async ({ issuer }) => {
      issuer.answers(answered);
      return undefined;
    },
  }),
);
const steps = (...kinds: fc.Arbitrary<Step>[]) => fc.array(fc.oneof(...kinds), { maxLength: 12 });

function secondsLeft(outcome: Outcome | undefined, { clock }: Tested): number {
  return outcome?.kind === "token" ? outcome.token.expiresAt - clock.now() / 1000 : Number.POSITIVE_INFINITY;
}

describe("for any order of requests, failures and time", () => {
  test("no token with under 300 s left is given, the bound holds, and stop leaves no timer", async () => {
    const lawful = async (taken: readonly Step[]) => {
      const tested = testCache();
      for (const step of taken) {
        const outcome = await step.run(tested);
        expect(secondsLeft(outcome, tested)).toBeGreaterThanOrEqual(300);
        expect(tested.cache.size).toBeLessThanOrEqual(CACHED_TOKENS);
      }
      tested.cache.stop();
      expect(tested.clock.pending).toBe(0);
    };
    await fc.assert(fc.asyncProperty(steps(wait, get, getFresh, answer), lawful), { numRuns: CASES });
  }, 120_000);

  test("there are never two calls for one key at a time", async () => {
    const lawful = async (taken: readonly Step[]) => {
      const tested = testCache();
      const flying = new Set<string>();
      const together: string[] = [];
      tested.issuer.answers(async ({ key }) => {
        if (flying.has(key)) together.push(key);
        flying.add(key);
        await Promise.resolve();
        flying.delete(key);
        return granted(1, 400);
      });
      await Promise.all(taken.map((step) => step.run(tested)));
      tested.cache.stop();
      expect(together).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(steps(get, getFresh), lawful), { numRuns: CASES });
  }, 120_000);
});
