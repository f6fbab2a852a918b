import leven from "leven";

/** Longer than any name or audience: comparing more text would only cost time. */
const longestName = 512;

/**
 * The known name that a typo most likely meant, without regard to case; undefined when none is near. Near is as many
 * edits as a third of what was written has letters, rounded up: two swapped letters are two edits.
 */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  if (written === "" || written.length > longestName) return undefined;
  const farthest = Math.ceil(written.length / 3);
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = leven(written.toLowerCase(), name.toLowerCase(), { maxDistance: farthest + 1 });
    if (distance <= farthest && distance < (nearest?.distance ?? farthest + 1)) nearest = { name, distance };
  }
  return nearest?.name;
}

/** ` Did you mean "orders"?`, or nothing: to be appended to a sentence. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const name = nearestName(written, known);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}
