import type { TenantId } from "../../identity/ids.ts";
import type { AccessClaims, VerifyAccessToken } from "../access-token.ts";
import { type StandingFacts, tokenStanding } from "../token-standing.ts";

interface Context {
  readonly token: string;
  readonly tenantId: TenantId;
}

export interface Introspection extends StandingFacts {
  readonly verifyAccessToken: VerifyAccessToken;
}

/** RFC 7662 §2.2: of a token that is not good, nothing is said but that. */
export type IntrospectionReply = { readonly active: false } | (Record<string, unknown> & { readonly active: true });

export function introspectToken(options: Introspection) {
  return async ({ token, tenantId }: Context): Promise<{ readonly introspection: IntrospectionReply }> => {
    const claims = await options.verifyAccessToken(token);
    const standing = claims && (await tokenStanding(claims, tenantId, options));
    if (claims === undefined || standing?.kind !== "good") return { introspection: { active: false } };
    return { introspection: active(claims, standing.roles) };
  };
}

/** The claims come first: none of them can say that something is active, or of another type. */
function active(claims: AccessClaims, roles: readonly string[]): IntrospectionReply {
  return { ...claims, roles, client_id: claims.azp, token_type: "Bearer", active: true };
}
