import { type Refusal, refusals } from "../../identity/reasons.ts";
import { LONGEST_TOKEN } from "../../kube/bearer-token.ts";

const LONGEST_NAME = 512;
const printable = /^[\x21-\x7e]+$/;
/** How any JWT, and any part of one that starts with an object, begins: `{"` in base64url. */
const jwt = /eyJ[\w-]{16}/;

/**
 * Audiences and ids get into logs and replies, so they are bounded, printable, and no token that somebody put into the
 * wrong parameter. Undefined when nothing is wrong.
 */
export function nameProblem(parameter: string, value: string | undefined): Refusal | undefined {
  if (value === undefined || (value.length <= LONGEST_NAME && printable.test(value) && !jwt.test(value))) {
    return undefined;
  }
  return refusals.InvalidRequest(
    `Parameter ${parameter} is not a name: send at most ${LONGEST_NAME} printable ASCII characters without spaces, and no token.`,
  );
}

export function missing(parameter: string): Refusal {
  return refusals.InvalidRequest(`Parameter ${parameter} is missing: send it in the form.`);
}

/** A token as long as that is none of Kubernetes', and checking it would cost. */
export function tokenProblem(parameter: string, token: string | undefined): Refusal | undefined {
  if (token === undefined) return missing(parameter);
  if (token.length <= LONGEST_TOKEN) return undefined;
  return refusals.InvalidRequest(`Parameter ${parameter} is longer than ${LONGEST_TOKEN} characters.`);
}
