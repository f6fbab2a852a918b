import { type Refusal, refusals } from "./refusals.ts";

export type Parameters = ReadonlyMap<string, string>;
export type ParsedQuery =
  | { readonly kind: "parameters"; readonly parameters: Parameters }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Reads a query string (application/x-www-form-urlencoded). A value may stand there raw, as some clients send
 * `resource`; a name given twice is refused, so that no two readers of one request see different values.
 */
export function parseQuery(query: string): ParsedQuery {
  const parameters = new Map<string, string>();
  for (const pair of query.split("&")) {
    const [name, value] = decodePair(pair);
    if (name === undefined || value === undefined) return refuse(refusals.InvalidRequest(MALFORMED));
    if (name !== "" && parameters.has(name)) return refuse(refusals.DuplicateParameter(shown(name)));
    parameters.set(name, value);
  }
  return { kind: "parameters", parameters };
}

const MALFORMED = "The query is not valid percent-encoding of UTF-8: escape each value once.";

function decodePair(pair: string): readonly [string | undefined, string | undefined] {
  const equals = pair.indexOf("=");
  return equals === -1 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** A name goes into the reply and the log. */
function shown(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 64);
}

function refuse(refusal: Refusal): ParsedQuery {
  return { kind: "refused", refusal };
}
