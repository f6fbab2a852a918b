import { canonicalAudience } from "../../identity/audience.ts";
import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import type { AccessClaims, VerifyAccessToken } from "../access-token.ts";
import { relationOf } from "../relation.ts";
import type { IssuerSettings } from "../settings.ts";
import { type StandingFacts, tokenStanding } from "../token-standing.ts";
import { type Account, Work } from "../work.ts";

interface Context {
  readonly token: string;
  readonly tenantId: TenantId;
  /** Left out where the token asks about itself. */
  readonly caller?: Pick<PodIdentity, "namespace">;
  /** Of the caller, or of the address. */
  readonly account: Account;
}

export interface Introspection extends StandingFacts {
  readonly settings: Pick<IssuerSettings, "unregisteredAudiences" | "decisionNamespaces">;
  readonly verifyAccessToken: VerifyAccessToken;
}

/** RFC 7662 §2.2: of a token that is not good, or not the caller's to ask about, nothing is said but that. */
export type IntrospectionReply = { readonly active: false } | (Record<string, unknown> & { readonly active: true });

export function introspectToken(options: Introspection) {
  return async ({
    token,
    tenantId,
    caller,
    account,
  }: Context): Promise<{ readonly introspection: IntrospectionReply }> => {
    const claims = await options.verifyAccessToken(token);
    if (claims === undefined || !mayAskAbout(claims, caller, options)) return { introspection: { active: false } };
    const standing = await new Work(account).question((meter) =>
      tokenStanding(claims, tenantId, { ...options, meter }),
    );
    return { introspection: standing.kind === "good" ? active(claims, standing.roles) : { active: false } };
  };
}

/** The services of the namespace that the token is for, and the namespaces of its pod and of its identity. */
function mayAskAbout(claims: AccessClaims, caller: Context["caller"], { cluster, settings }: Introspection): boolean {
  if (caller === undefined || caller.namespace === claims["kubernetes.io"].namespace) return true;
  const audience = canonicalAudience(claims.aud);
  const owner = cluster.audienceOwners.usable.get(audience) ?? cluster.audienceOwners.unusable.get(audience);
  const relation = relationOf({
    callerNamespace: caller.namespace,
    principalNamespace: cluster.identity.withPrincipalId(claims.sub)?.metadata.namespace,
    resourceNamespace: owner?.metadata.namespace,
    decisionNamespaces: settings.decisionNamespaces,
  });
  return relation !== "none";
}

/** The claims come first: none of them can say that something is active, or of another type. */
function active(claims: AccessClaims, roles: readonly string[]): IntrospectionReply {
  return { ...claims, roles, client_id: claims.azp, token_type: "Bearer", active: true };
}
