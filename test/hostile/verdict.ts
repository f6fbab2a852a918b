import { quantile } from "../bench/cluster/quantile.ts";
import type { Attack } from "./attack.ts";
import type { Replies } from "./attacker.ts";
import type { Experience } from "./bystander.ts";
import { type ProcessName, processNames } from "./plane.ts";

/** What one attack did. */
export interface Outcome {
  readonly attack: Attack;
  readonly before: Experience;
  readonly during: Experience;
  readonly replies: Replies;
  /** Of every process: what one is sent may fill the memory of another. */
  readonly memory: Readonly<Record<ProcessName, Memory>>;
}

export interface Memory {
  /** Undefined once the process has ended. */
  readonly peakBytes: number | undefined;
  readonly limitBytes: number;
}

/** The longest that 99 of 100 answers to a bystander may take during an attack, in milliseconds. */
export const bystanderP99Ms: Readonly<Record<ProcessName, number>> = {
  ...{ issuer: 50, sidecar: 50, operator: 50, webhook: 100, vault: 100 },
};
/** The share of its memory limit that a process may use. */
export const MEMORY_SHARE = 0.7;

/** Returns every rule that the outcome breaks. */
export function broken(outcome: Outcome): readonly string[] {
  return [...brokenForGood(outcome), ...slow(outcome)];
}

/** Rules that one failure breaks for good: no second try can take it back. */
export function brokenForGood({ attack, replies, memory }: Outcome): readonly string[] {
  const isReached = attack.reaches?.some((status) => (replies[status] ?? 0) > 0) ?? true;
  return [
    ...processNames.flatMap((name) => memoryProblem(name, memory[name])),
    ...(isReached ? [] : [`the attack did not reach its target: replies ${repliesText(replies)}`]),
  ];
}

/** Rules about time, which a busy machine can break. */
export function slow({ attack, during }: Outcome): readonly string[] {
  const p99 = quantile(during.latencies, 0.99);
  const [failure] = during.failures;
  return [
    ...(p99 <= bystanderP99Ms[attack.target] ? [] : [`p99 ${p99.toFixed(0)} ms`]),
    ...(failure === undefined ? [] : [`${during.failures.length} wrong answers to the bystander: ${failure}`]),
  ];
}

function memoryProblem(name: ProcessName, { peakBytes, limitBytes }: Memory): readonly string[] {
  if (peakBytes === undefined) return [`the ${name} ended`];
  if (peakBytes <= MEMORY_SHARE * limitBytes) return [];
  return [`the ${name} used ${mebibytes(peakBytes)} of ${mebibytes(limitBytes)} MiB`];
}

const heading = [
  "row",
  "process",
  "attack",
  "p50 before",
  "during",
  "p99 before",
  "during",
  "peak MiB",
  "limit",
  "alive",
  "replies",
  "",
];

/** A line per attack, in columns. */
export function formatTable(outcomes: readonly Outcome[]): string {
  const lines = [heading, ...outcomes.map(cells)];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells(outcome: Outcome): string[] {
  const { attack, before, during, memory } = outcome;
  const { peakBytes, limitBytes } = memory[attack.target];
  const problems = broken(outcome);
  return [
    ...[attack.row, attack.target, attack.title],
    ...[0.5, 0.99].flatMap((share) =>
      [before, during].map(({ latencies }) => milliseconds(quantile(latencies, share))),
    ),
    ...[
      peakBytes === undefined ? "" : mebibytes(peakBytes),
      mebibytes(limitBytes),
      peakBytes === undefined ? "no" : "yes",
    ],
    problems.length === 0 ? "held" : `BROKEN: ${problems.join("; ")}`,
  ];
}

/** `200 ×15, 429 ×3`; 0 is no reply. */
function repliesText(replies: Replies): string {
  const shown = Object.entries(replies).map(([status, count]) => `${status} ×${count}`);
  return shown.length === 0 ? "none" : shown.join(", ");
}

const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
