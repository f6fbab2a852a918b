import fc from "fast-check";
import { test } from "vitest";

/** How many cases each property runs: enough that a parser which throws is found. */
export const CASES = 10_000;

/** A law that must hold for all inputs. A failing run prints its seed and the smallest counterexample. */
export function property<Args extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [Index in keyof Args]: fc.Arbitrary<Args[Index]> },
  holds: ((...args: Args) => boolean) | ((...args: Args) => void),
): void {
  test(name, { timeout: 120_000 }, () => {
    fc.assert(fc.property(...arbitraries, holds), { numRuns: CASES });
  });
}

/** How many histories each property over time runs: one is as long as hundreds of plain cases. */
export const HISTORIES = 1_000;

/** A law about what happens over time: of every history that the arbitraries make. */
export function historyProperty<Args extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [Index in keyof Args]: fc.Arbitrary<Args[Index]> },
  holds: (...args: Args) => Promise<void>,
): void {
  test(name, async () => {
    await fc.assert(fc.asyncProperty(...arbitraries, holds), { numRuns: HISTORIES });
  });
}
