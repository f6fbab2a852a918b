import type { IdentityReply } from "./issuer-reply.ts";
import { type Refusal, refusals } from "./refusals.ts";

/** Why the pod's own containers still wait, for the person who looks at the pod. */
export interface Waiting {
  /** A code of docs/reference/reasons.md, or `Starting`. */
  readonly code: string;
  readonly sentence: string;
}

export const notAskedYet: Waiting = { code: "Starting", sentence: "The issuer has not been asked yet." };

/** `failure` is what went wrong on the way, where the issuer did not decide. */
export function waitingBecause({ code, sentence }: Refusal, failure: string | undefined): Waiting {
  if (code !== refusals.IssuerUnavailable().code || failure === undefined) return { code, sentence };
  return { code, sentence: `The issuer cannot be reached: ${failure}.` };
}

/** Undefined when the pod may use an identity. */
export function waitingForIdentity(reply: IdentityReply): Waiting | undefined {
  switch (reply.kind) {
    case "confirmed":
      return undefined;
    case "refused":
      return waitingBecause(reply.refusal, undefined);
    case "throttled":
      return waitingBecause(refusals.RateLimited(reply.retryAfterSeconds), undefined);
    case "unavailable":
      return waitingBecause(refusals.IssuerUnavailable(), reply.detail);
  }
}
