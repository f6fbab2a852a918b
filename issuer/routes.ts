import { type Refusal, refusals } from "../identity/reasons.ts";
import type { Handler } from "./http-message.ts";

export const FORM = "application/x-www-form-urlencoded";
export const JSON_BODY = "application/json";

/** `path` is exact, or matches the whole path. A GET route takes HEAD too (RFC 9110 §9.3.2); node:http then sends no body. */
export interface Route {
  /** Method and path, as in the documentation. */
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: string | RegExp;
  /** The one media type of a body that is taken. */
  readonly accepts?: typeof FORM | typeof JSON_BODY;
  readonly handle: Handler;
}

export type RouteMatch =
  | { readonly kind: "found"; readonly route: Route }
  | {
      readonly kind: "refused";
      readonly refusal: Refusal;
      readonly allow?: string;
      readonly retryAfterSeconds?: number;
    };

export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const route = routes.find((candidate) => isAt(candidate, path));
  if (route === undefined) return { kind: "refused", refusal: refusals.RouteNotFound(shown(path)) };
  const allow = route.method === "GET" ? "GET, HEAD" : "POST";
  if (!allow.split(", ").includes(method)) {
    return { kind: "refused", refusal: refusals.MethodNotAllowed(allow), allow };
  }
  return { kind: "found", route };
}

function isAt(route: Route, path: string): boolean {
  return typeof route.path === "string" ? route.path === path : route.path.test(path);
}

const shown = (path: string): string => (path.length > 128 ? `${path.slice(0, 128)}…` : path);
