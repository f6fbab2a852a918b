/** What to tell a person whose Node is older than package.json's `engines` (`>=22.18.0`) asks for; undefined when it is not. */
export function nodeVersionProblem(actual: string, engines: string): string | undefined {
  const needed = numbers(engines);
  const difference = numbers(actual)
    .map((number, at) => number - (needed[at] ?? 0))
    .find((one) => one !== 0);
  if (difference === undefined || difference > 0) return undefined;
  const atLeast = needed.slice(0, 2).join(".");
  return `lanyard needs Node ${atLeast} or newer, this is ${actual}. In a clone, npx lanyard uses the right one.`;
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
