import type { Token, TokenQuery } from "../token.ts";

/**
 * The reply that all of Azure's endpoints give. Every value is a string and none is empty but `refresh_token`, and
 * `expires_in` stands before `expires_on`: clients differ in which of them they read, one takes whichever comes last.
 */
export function azureToken(token: Token, query: TokenQuery, now: number): string {
  return JSON.stringify({
    access_token: token.jwt,
    refresh_token: "",
    expires_in: String(token.expiresAt - now),
    expires_on: String(token.expiresAt),
    not_before: String(token.obtainedAt),
    resource: query.audience,
    token_type: "Bearer",
    client_id: token.clientId,
  });
}
