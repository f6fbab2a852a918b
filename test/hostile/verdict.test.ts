import { describe, expect, test } from "vitest";
import type { Attack } from "./attack.ts";
import { broken, formatTable, type Outcome } from "./verdict.ts";

const MiB = 1024 * 1024;
const attack: Attack = { row: "A1", title: "many fields", target: "webhook", lanes: 1, play: async () => {} };
const calm = { latencies: [1, 1, 2], failures: [] };
const held: Outcome = {
  ...{ attack, before: calm, during: calm, rounds: 10 },
  ...{ isAlive: true, peakBytes: 100 * MiB, limitBytes: 256 * MiB },
};

describe("broken", () => {
  test("finds nothing wrong where every rule holds", () => {
    expect(broken(held)).toEqual([]);
  });

  test.each<readonly [string, Partial<Outcome>, string]>([
    ["a process that ended", { isAlive: false }, "the process ended"],
    ["a process without a figure for its memory", { peakBytes: undefined }, "the process ended"],
    ["memory above 70 % of the limit", { peakBytes: 180 * MiB }, "memory 180 of 256 MiB"],
    ["a slow p99", { during: { latencies: [1, 101], failures: [] } }, "p99 101 ms"],
    [
      "a wrong answer",
      { during: { latencies: [1], failures: ["503 busy"] } },
      "1 wrong answers to the bystander: 503 busy",
    ],
  ])("reports %s", (_what, change, problem) => {
    expect(broken({ ...held, ...change })).toEqual([problem]);
  });

  test("allows 50 ms where no admission and no vault waits", () => {
    const slow = { latencies: [60], failures: [] };
    expect(broken({ ...held, attack: { ...attack, target: "issuer" }, during: slow })).toEqual(["p99 60 ms"]);
    expect(broken({ ...held, during: slow })).toEqual([]);
  });
});

test("formatTable writes a line per attack, with its verdict last", () => {
  const [heading, ...lines] = formatTable([held, { ...held, isAlive: false }]).split("\n");
  expect(heading).toContain("p99 before");
  expect(lines.map((line) => line.split(/ {2,}/).at(-1))).toEqual(["held", "BROKEN: the process ended"]);
});
