import type { Parameters } from "./query.ts";
import type { Refusal } from "./refusals.ts";
import type { Token, TokenQuery } from "./token.ts";

/**
 * A protocol that applications speak: data, and pure functions between its words and ours. Cache, issuer and server
 * know nothing of it, so a new cloud is one new file.
 */
export interface Dialect {
  readonly name: string;
  /** Which paths it serves; matched against the path as sent. */
  readonly path: RegExp;
  /** Checked for every request, in this order. */
  readonly rules: readonly Rule[];
  /** What a URL asks for. Pure, so that the answer is kept for the next request with the same URL. */
  parse(asked: { readonly path: string; readonly parameters: Parameters }, endpoint: Endpoint): Asked;
  /** The JSON body of a token; `now` in whole seconds since the epoch. */
  formatToken(token: Token, query: TokenQuery, now: number): string;
  /** The JSON body of a refusal. */
  formatRefusal(refusal: Refusal, traceId: string): string;
}

/** What every request must satisfy before its URL is looked at; each rule keeps one kind of request forgery out. */
export type Rule = (request: Request, endpoint: Endpoint) => Refusal | undefined;

/** What is special to this one endpoint. */
export interface Endpoint {
  /** The value of IDENTITY_HEADER in the application's environment; never empty. */
  readonly header: string;
  readonly tenantId?: string;
}

export type Asked =
  | { readonly kind: "token"; readonly query: TokenQuery; readonly from: "cache" | "issuer" }
  | { readonly kind: "document"; readonly body: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };
