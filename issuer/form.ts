import { type Refusal, refusals } from "../identity/reasons.ts";
import { issuerLimits } from "./limits.ts";

const MOST_PARAMETERS = issuerLimits.formParameters;

export type Form =
  | { readonly kind: "parsed"; readonly parameters: ReadonlyMap<string, string> }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * The parameters of a form body. One that stands there twice is refused, since the two ends of a connection could each
 * believe another of them; one without a value counts as left out (RFC 6749 §3.2).
 */
export function parseForm(body: string): Form {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (seen.has(name)) return refused(`Parameter "${shown(name)}" is there more than once: send it once.`);
    if (seen.size === MOST_PARAMETERS) return refused(`More than ${MOST_PARAMETERS} parameters: send fewer.`);
    seen.add(name);
    if (value !== "") parameters.set(name, value);
  }
  return { kind: "parsed", parameters };
}

const refused = (sentence: string): Form => ({ kind: "refused", refusal: refusals.InvalidRequest(sentence) });
const shown = (name: string): string => name.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 64);
