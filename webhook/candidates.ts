import { webhookLimits } from "./limits.ts";

/** A typing error adds or drops few letters. */
const FARTHEST_LENGTH = 2;

/**
 * The names that a misspelt one is compared with for a suggestion: few, and of nearly its length. Anyone who reaches the
 * webhook's port can send it names for comparison, so a name is suggested only to somebody who nearly has it.
 */
export function candidates(written: string, known: Iterable<string>): string[] {
  const near: string[] = [];
  for (const name of known) {
    if (Math.abs(name.length - written.length) <= FARTHEST_LENGTH) near.push(name);
    if (near.length === webhookLimits.suggestionCandidates) break;
  }
  return near;
}
