/** The images that another is built on, by the name of the `ARG` that takes each. */
export type Bases = Readonly<Record<string, string>>;

/** What a Dockerfile is built on unless it is told otherwise: each `ARG` with a value, before its first `FROM`. */
export function publishedBases(dockerfile: string): Bases {
  const [beforeFirst = ""] = dockerfile.split(/^FROM /m);
  const found = beforeFirst.matchAll(/^ARG (\w+)=(\S+)$/gm);
  return Object.fromEntries([...found].map(([, name = "", image = ""]) => [name, image]));
}
