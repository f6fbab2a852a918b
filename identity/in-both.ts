interface Named {
  readonly size: number;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** The names that stand in both, by a walk over the smaller. */
export function* inBoth(one: Named, other: Named): Generator<string> {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const name of few.keys()) {
    if (many.has(name)) yield name;
  }
}
