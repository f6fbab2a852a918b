/**
 * The place of a list or object with more members than `most`, such as `metadata.labels`; undefined when there is none.
 * Checking each member of a long one against a schema costs more than reading it.
 */
export function oversizedCollection(value: unknown, most: number): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const members = Object.entries(value);
  if (members.length > most) return "";
  for (const [name, member] of members) {
    const below = oversizedCollection(member, most);
    if (below !== undefined)
      return below === "" ? name.slice(0, LONGEST_STEP) : `${name.slice(0, LONGEST_STEP)}.${below}`;
  }
  return undefined;
}

const LONGEST_STEP = 80;
