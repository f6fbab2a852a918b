import leven from "leven";

/** In characters. The distance of two names costs the product of their lengths: longer ones are not compared. */
const LONGEST_NAME = 80;
/** How many names are looked at, and how many of these are compared letter by letter: 100 take less than a millisecond. */
export const MOST_LOOKED_AT = 1_000;
export const MOST_COMPARED = 100;

/**
 * The known name that a typo most likely meant, without regard to case; undefined if none is near. Near means at most a
 * third as many edits as the written name has letters, rounded up: two swapped letters are two edits. Long names and
 * names after the first thousand are not suggested, so that a refusal costs little whatever a tenant registers.
 */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  if (written === "" || written.length > LONGEST_NAME) return undefined;
  const asked = written.toLowerCase();
  const farthest = Math.ceil(written.length / 3);
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of candidates(written.length, farthest, known)) {
    const distance = leven(asked, name.toLowerCase(), { maxDistance: farthest + 1 });
    if (distance <= farthest && distance < (nearest?.distance ?? farthest + 1)) nearest = { name, distance };
  }
  return nearest?.name;
}

/** The few names whose length alone does not make them too far away. */
function candidates(length: number, farthest: number, known: Iterable<string>): Iterable<string> {
  const isNear = (name: string): boolean => name.length <= LONGEST_NAME && Math.abs(name.length - length) <= farthest;
  return Iterator.from(known).take(MOST_LOOKED_AT).filter(isNear).take(MOST_COMPARED);
}

/** ` Did you mean "orders"?`, or nothing: to be appended to a sentence. Pass only names that the reader may know. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const name = nearestName(written, known);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}
