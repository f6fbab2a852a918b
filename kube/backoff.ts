/** How retries space out. Milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly cap: number;
}

/** 0 to 1, excluding 1: `Math.random`, or what a test says. */
export type Random = () => number;

/**
 * Exponential backoff with full jitter: anywhere between no wait and the attempt's ceiling, so that clients which failed
 * together do not come back together. The first attempt is 0.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitter({ base, cap }: Backoff, attempt: number, random: Random): number {
  return Math.round(random() * Math.min(cap, base * 2 ** attempt));
}
