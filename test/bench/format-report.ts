import type { Row, Section, Target, Unit } from "./report.ts";

/** A section as a heading, a table and its notes. */
export function formatSection({ heading, floor, rows, notes }: Section): string {
  const table = [["", "ours", floor, "ratio", "target", ""], ...rows.map(cells)];
  return [heading, "", ...aligned(table), "", ...notes.map((note) => `  ${note}`)].join("\n");
}

function cells({ name, unit, ours, floor, ratio, target, verdict }: Row): string[] {
  return [
    name,
    quantity(ours, unit),
    floor === undefined ? "" : quantity(floor, unit),
    ratio === undefined ? "" : ratio.toFixed(2),
    target === undefined ? "" : targetText(target, unit),
    verdict ?? "",
  ];
}

function targetText(target: Target, unit: Unit): string {
  return "atMost" in target ? `≤ ${quantity(target.atMost, unit)}` : `≥ ${quantity(target.atLeast, unit)}`;
}

function quantity(value: number, unit: Unit): string {
  const digits = unit === "/s" || unit === "B" || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === "/s" ? `${number}/s` : `${number} ${unit}`;
}

/** Text to the left, figures to the right. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const columns = table[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean => column === 0 || column === columns - 1;
  return table.map((line) =>
    `  ${line.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ")}`.trimEnd(),
  );
}
