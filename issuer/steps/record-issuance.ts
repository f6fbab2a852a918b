import type { TokenClaims } from "../../identity/claims.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Audit, type AuditNotes, auditHead } from "../audit.ts";
import type { HttpRequest } from "../http-message.ts";

interface Context {
  readonly request: HttpRequest;
  readonly notes: AuditNotes;
  readonly claims: TokenClaims;
}

/** No token leaves without its audit record: this is the last step, and the reply is made after it. */
export function recordIssuance(endpoint: string, { audit, clock }: { readonly audit: Audit; readonly clock: Clock }) {
  return ({ request, notes, claims }: Context): object => {
    notes.jti = claims.jti;
    notes.expiresAt = new Date(claims.exp * 1000).toISOString();
    audit({ event: "token", decision: "issued", ...auditHead({ endpoint, request, notes }, clock) });
    return {};
  };
}
