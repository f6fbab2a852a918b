import type { Reason } from "../identity/reasons.ts";

/** Each as `Code: Sentence`, so that a reader finds the code in docs/reference/reasons.md. */
export function messageText(reason: Reason<string>): string {
  return `${reason.code}: ${reason.sentence}`;
}
