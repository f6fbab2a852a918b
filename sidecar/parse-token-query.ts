import type { IdentitySelector } from "../identity/select-identity.ts";
import type { Asked } from "./dialect.ts";
import { sidecarLimits } from "./limits.ts";
import type { Parameters } from "./query.ts";
import { type Refusal, refusals } from "./refusals.ts";
import { tokenQuery } from "./token.ts";

/** How a dialect names the parts of a token request. */
export interface ParameterNames {
  readonly audience: string;
  /** Query variable → which id of an identity it holds. */
  readonly selectors: Readonly<Record<string, Exclude<IdentitySelector["by"], "default">>>;
}

const printable = /^[\x21-\x7e]+$/;
/** How any JWT, and any part of one that starts with an object, begins: `{"` in base64url. */
const jwt = /eyJ[\w-]{16}/;

/** The part that every dialect shares: one audience, at most one identity selector; variables of other names are ignored. */
export function parseTokenQuery(parameters: Parameters, names: ParameterNames): Asked {
  const audience = parameters.get(names.audience) ?? "";
  if (audience === "") return refused(refusals.ResourceMissing(names.audience));

  const [selector, another] = Object.keys(names.selectors).filter((name) => parameters.has(name));
  if (selector !== undefined && another !== undefined) return refused(refusals.SelectorsConflict([selector, another]));

  const unusable = unusableValue(parameters, selector === undefined ? [names.audience] : [names.audience, selector]);
  if (unusable !== undefined) return refused(unusable);

  const from = parameters.get("bypass_cache")?.toLowerCase() === "true" ? "issuer" : "cache";
  return { kind: "token", query: tokenQuery(audience, selectorOf(parameters, names, selector)), from };
}

/** What the issuer would refuse too is refused here, so that it costs no call, and so that no token gets into a log. */
function unusableValue(parameters: Parameters, names: readonly string[]): Refusal | undefined {
  for (const name of names) {
    const value = parameters.get(name) ?? "";
    if (value === "")
      return refusals.InvalidRequest(`Query variable '${name}' is empty: give it a value or leave it out.`);
    if (value.length > sidecarLimits.valueCharacters || !printable.test(value) || jwt.test(value)) {
      return refusals.InvalidRequest(
        `Query variable '${name}' is not a name: send at most ${sidecarLimits.valueCharacters} printable ASCII characters without spaces, and no token.`,
      );
    }
  }
  return undefined;
}

function selectorOf(parameters: Parameters, names: ParameterNames, selector: string | undefined): IdentitySelector {
  const by = selector === undefined ? undefined : names.selectors[selector];
  if (selector === undefined || by === undefined) return { by: "default" };
  return { by, value: parameters.get(selector) ?? "" };
}

function refused(refusal: Refusal): Asked {
  return { kind: "refused", refusal };
}
