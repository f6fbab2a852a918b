import { canonicalAudience } from "../../identity/audience.ts";
import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import type { AccessClaims, VerifyAccessToken } from "../access-token.ts";
import { type AuditNotes, noteGrants } from "../audit.ts";
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
  readonly notes: AuditNotes;
}

export interface Introspection extends StandingFacts {
  readonly settings: Pick<IssuerSettings, "unregisteredAudiences" | "decisionNamespaces">;
  readonly verifyAccessToken: VerifyAccessToken;
}

/** RFC 7662 §2.2: of a token that is not good, or not the caller's to ask about, nothing is said but that. */
export type IntrospectionReply = { readonly active: false } | (Record<string, unknown> & { readonly active: true });

interface Introspected {
  readonly introspection: IntrospectionReply;
  /** UID of the pod that the token was given to, if it is one of ours. */
  readonly holder: string | undefined;
}

export function introspectToken(options: Introspection) {
  return async (context: Context): Promise<Introspected> => {
    const claims = await options.verifyAccessToken(context.token);
    if (claims === undefined) return { introspection: { active: false }, holder: undefined };
    noteClaims(context.notes, claims);
    return { introspection: await introspect(claims, context, options), holder: claims["kubernetes.io"].pod.uid };
  };
}

async function introspect(
  claims: AccessClaims,
  { tenantId, caller, notes, account }: Context,
  options: Introspection,
): Promise<IntrospectionReply> {
  if (!mayAskAbout(claims, caller, options)) return { active: false };
  const standing = await new Work(account).question((meter) => tokenStanding(claims, tenantId, { ...options, meter }));
  if (standing.kind === "revoked") return { active: false };
  notes.roles = [...standing.roles];
  noteGrants(notes, standing.grants);
  return active(claims, standing.roles);
}

/** Whose the token is that was asked about; who asked is noted where it authenticates. */
function noteClaims(notes: AuditNotes, { sub, azp, aud, jti, xms_mirid: resourceId }: AccessClaims): void {
  notes.principalId = sub;
  notes.clientId = azp;
  notes.audience = aud;
  notes.jti = jti;
  if (typeof resourceId === "string") notes.identity = resourceId;
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
