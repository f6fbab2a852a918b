import type { Asked, Dialect, Endpoint } from "./dialect.ts";
import { plain } from "./dialects/plain.ts";
import { sidecarLimits } from "./limits.ts";
import { parseQuery } from "./query.ts";
import { refusals } from "./refusals.ts";
import { targetOf } from "./target.ts";
import type { Token } from "./token.ts";

/** What a URL means, with the last reply to it: requests with the same URL within one second get the same bytes. */
export interface Route {
  readonly dialect: Dialect;
  readonly asked: Asked;
  reply?: { readonly token: Token; readonly second: number; readonly body: string };
}

/** Finds who serves a URL and what it asks for. Depends on the URL alone. */
export function routeOf(url: string, dialects: readonly Dialect[], endpoint: Endpoint): Route {
  const { path, query } = targetOf(url);
  const dialect = dialects.find((candidate) => candidate.path.test(path)) ?? nobody;
  if (url.length > sidecarLimits.urlCharacters)
    return { dialect, asked: { kind: "refused", refusal: refusals.UrlTooLong() } };
  const parsed = parseQuery(query);
  if (parsed.kind === "refused") return { dialect, asked: parsed };
  return { dialect, asked: dialect.parse({ path, parameters: parsed.parameters }, endpoint) };
}

/** Answers for the paths that no dialect serves, in the plain dialect's words. */
const nobody: Dialect = {
  ...plain,
  name: "none",
  rules: [],
  parse: () => ({ kind: "refused", refusal: refusals.NotFound() }),
};
