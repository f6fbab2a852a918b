const LONGEST_CELL = 48;

/** A condition in a table: its beginning, since a table that wraps cannot be read. The whole is in `-o yaml`. */
export function conditionCell(condition: string | undefined): string {
  if (condition === undefined) return "none";
  const letters = [...condition.replace(/\s+/g, " ")];
  return letters.length <= LONGEST_CELL ? letters.join("") : `${letters.slice(0, LONGEST_CELL - 1).join("")}…`;
}
