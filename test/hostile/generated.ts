import fc from "fast-check";

/** Hostile texts for one parser: the same in every run. */
export function generated(arbitrary: fc.Arbitrary<string>): (round: number) => string {
  let texts: readonly string[] | undefined;
  return (round) => {
    // Made when they are first needed: a process that plays one attack needs one kind of them.
    texts ??= fc.sample(arbitrary, { seed: 20_261_201, numRuns: 200 });
    return texts[round % texts.length] ?? "";
  };
}

const nested = (open: string, close: string) => (depth: number) => `${open.repeat(depth)}0${close.repeat(depth)}`;

/** JSON that is deep, wide, long, broken, or of a strange shape; up to about 2 MB. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 1, max: 500_000 }).map(nested("[", "]")),
  fc.integer({ min: 1, max: 200_000 }).map(nested('{"a":', "}")),
  fc.integer({ min: 1, max: 500_000 }).map((count) => `[${"0,".repeat(count)}0]`),
  fc.integer({ min: 1, max: 100_000 }).map((count) => `{${keys(count)}}`),
  fc.integer({ min: 1, max: 1_000_000 }).map((length) => `{"request":"${"x".repeat(length)}"}`),
  fc.integer({ min: 1, max: 300_000 }).map((length) => `{"request":${"9".repeat(length)}}`),
  fc.integer({ min: 1, max: 100_000 }).map((length) => `{"request":"${"\\u0000".repeat(length)}`),
  fc.json({ maxDepth: 6 }),
  fc.string({ maxLength: 1000, unit: "binary" }),
);

const keys = (count: number): string =>
  Array.from({ length: count }, (_, number) => `"k${number}":${number}`).join(",");

const base64url = fc.stringMatching(/^[\w-]{0,200}$/);

/** Texts in the place of a bearer token: too long, too many parts, odd headers. */
export const hostileToken: fc.Arbitrary<string> = fc.oneof(
  fc.array(base64url, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(".")),
  fc
    .record({
      alg: fc.string({ maxLength: 20 }),
      kid: fc.string({ maxLength: 100 }),
      typ: fc.string({ maxLength: 20 }),
    })
    .map((header) => `${Buffer.from(JSON.stringify(header)).toString("base64url")}.e30.AA`),
  fc.integer({ min: 1, max: 12_000 }).map((length) => `${"A".repeat(length)}.${"A".repeat(length)}.AA`),
  fc.integer({ min: 1, max: 12_000 }).map((length) => ".".repeat(length)),
);

/** Form bodies and query strings: repeated, escaped, long. */
export const hostileForm: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }).map((count) => "a=b&".repeat(count)),
  fc.integer({ min: 1, max: 20_000 }).map((count) => "%25".repeat(count)),
  fc.integer({ min: 1, max: 60_000 }).map((count) => `subject_token=${"%".repeat(count)}`),
  fc.integer({ min: 1, max: 60_000 }).map((count) => `audience=${"+".repeat(count)}`),
  fc.webQueryParameters({ size: "large" }),
);

/** Paths as a URL may hold them, up to what fits into a request's head. */
export const hostilePath: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 1, max: 7_000 }).map((count) => "/".repeat(count)),
  fc.integer({ min: 1, max: 4_000 }).map((count) => `/secrets/${"a-".repeat(count)}`),
  fc.integer({ min: 1, max: 4_000 }).map((count) => `/status-lists/${"../".repeat(count)}`),
  fc.webPath({ size: "large" }).map((path) => (path.startsWith("/") ? path : `/${path}`)),
);
