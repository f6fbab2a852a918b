/** Returns what to tell a person whose Node is older than package.json's `engines` (`>=22.18.0`); undefined if it is not. */
export function nodeVersionProblem(actual: string, engines: string): string | undefined {
  const [major = 0, minor = 0, patch = 0] = numbers(engines);
  const [actualMajor = 0, actualMinor = 0, actualPatch = 0] = numbers(actual);
  const difference = actualMajor - major || actualMinor - minor || actualPatch - patch;
  if (difference >= 0) return undefined;
  return `lanyard needs Node ${major}.${minor} or newer, this is ${actual}. In a clone, npx lanyard uses the right one.`;
}

const numbers = (version: string): number[] => version.replace(/^\D+/, "").split(/\D+/).map(Number);
