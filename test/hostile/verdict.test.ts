import { describe, expect, test } from "vitest";
import type { Attack } from "./attack.ts";
import { broken, brokenForGood, formatTable, type Outcome } from "./verdict.ts";

const MiB = 1024 * 1024;
const attack: Attack = {
  row: "A1",
  title: "many fields",
  target: "webhook",
  lanes: 1,
  play: async () => undefined,
  reaches: [200, 413],
};
const calm = { latencies: [1, 1, 2], failures: [] };
const memory = (peakBytes: number | undefined) => ({ peakBytes, limitBytes: 256 * MiB });
const small = memory(100 * MiB);
const everywhere = { operator: small, webhook: small, issuer: small, vault: small, sidecar: small };
const held: Outcome = { attack, before: calm, during: calm, replies: { 200: 10 }, memory: everywhere };

describe("broken", () => {
  test("finds nothing wrong where every rule holds", () => {
    expect(broken(held)).toEqual([]);
  });

  test.each<readonly [string, Partial<Outcome>, string]>([
    ["a process that ended", { memory: { ...everywhere, webhook: memory(undefined) } }, "the webhook ended"],
    ["another process that ended", { memory: { ...everywhere, issuer: memory(undefined) } }, "the issuer ended"],
    [
      "memory above 70 % of the limit",
      { memory: { ...everywhere, vault: memory(180 * MiB) } },
      "the vault used 180 of 256 MiB",
    ],
    [
      "an attack that reached nothing",
      { replies: { 0: 3, 401: 7 } },
      "the attack did not reach its target: replies 0 ×3, 401 ×7",
    ],
    ["a slow p99", { during: { latencies: [1, 101], failures: [] } }, "p99 101 ms"],
    [
      "a wrong answer",
      { during: { latencies: [1], failures: ["503 busy"] } },
      "1 wrong answers to the bystander: 503 busy",
    ],
  ])("reports %s", (_what, change, problem) => {
    expect(broken({ ...held, ...change })).toEqual([problem]);
  });

  test("forgives slowness alone", () => {
    const late = { latencies: [500], failures: [] };
    expect(brokenForGood({ ...held, during: late })).toEqual([]);
    expect(brokenForGood({ ...held, memory: { ...everywhere, vault: memory(undefined) } })).toEqual([
      "the vault ended",
    ]);
  });

  test("allows 50 ms where no admission and no vault waits", () => {
    const slow = { latencies: [60], failures: [] };
    expect(broken({ ...held, attack: { ...attack, target: "issuer" }, during: slow })).toEqual(["p99 60 ms"]);
    expect(broken({ ...held, during: slow })).toEqual([]);
  });
});

test("formatTable writes a line per attack, with its verdict last", () => {
  const [heading, ...lines] = formatTable([
    held,
    { ...held, memory: { ...everywhere, webhook: memory(undefined) } },
  ]).split("\n");
  expect(heading).toContain("p99 before");
  expect(lines.map((line) => line.split(/ {2,}/).at(-1))).toEqual(["held", "BROKEN: the webhook ended"]);
});
