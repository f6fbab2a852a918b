import leven from "leven";

/** The known name that a typo most likely meant; undefined when none is near. Distance is in edits, at most a third of the name. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  const farthest = Math.max(1, Math.floor(written.length / 3));
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = leven(written.toLowerCase(), name.toLowerCase(), { maxDistance: farthest + 1 });
    if (distance <= farthest && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY))
      nearest = { name, distance };
  }
  return nearest?.name;
}

/** ` Did you mean "orders"?`, or nothing: to be appended to a sentence. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const name = nearestName(written, known);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}
