const GAP = "   ";

/** Columns as wide as their widest cell, headings first, as `kubectl get` prints them. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows.map((row) => row.map(oneLine))];
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) => padded(cells, widths)).join("\n");
}

/** A table where there is room for it; elsewhere the fields of each row below each other, since a table that wraps cannot be read. */
export function fitTable(headings: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  const table = formatTable(headings, rows);
  if (table.split("\n").every((line) => line.length <= columns)) return table;
  const fields = (row: readonly string[]) => headings.map((heading, at) => [heading, row[at] ?? ""] as const);
  return rows.map((row) => formatFields(fields(row))).join("\n\n");
}

/** What belongs to one thing, a line each: `Role   secrets-reader`. */
export function formatFields(fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => padded([name, oneLine(value)], [width, 0])).join("\n");
}

/** A cell is one line, and nothing that somebody wrote into an object speaks to the reader's terminal. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();

function padded(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(GAP)
    .trimEnd();
}
