import { decodeProtectedHeader } from "jose";
import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import { refusals } from "../../identity/reasons.ts";
import { bearerToken } from "../../kube/bearer-token.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { VerifyAccessToken } from "../access-token.ts";
import type { AuditNotes } from "../audit.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";
import { podLiveness } from "../pod-liveness.ts";
import type { VerifySubjectToken } from "../subject-token.ts";
import { type StandingFacts, tokenStanding } from "../token-standing.ts";
import { notePod } from "./authenticate-pod.ts";

interface Context {
  readonly request: Pick<HttpRequest, "headers">;
  readonly tenantId: TenantId;
  readonly notes: AuditNotes;
}

export interface CallerAuthentication extends StandingFacts {
  readonly verify: VerifySubjectToken;
  readonly verifyAccessToken: VerifyAccessToken;
}

/** `pod` is there when its own token was shown. */
type Caller = { readonly caller: PodIdentity; readonly pod: Pod | undefined } | Refused;

/**
 * A service shows (RFC 6750 §2.1) an access token of its own managed identity that is still good, or its pod's
 * ServiceAccount token for this issuer: the two that a pod has anyway.
 */
export function authenticateCaller(options: CallerAuthentication) {
  return async ({ request, tenantId, notes }: Context): Promise<Caller> => {
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) return new Refused(refusals.AuthenticationRequired());
    const caller = isAccessToken(token)
      ? await byAccessToken(token, tenantId, options)
      : await bySubjectToken(token, options);
    if (!(caller instanceof Refused)) notePod(notes, caller.caller);
    return caller;
  };
}

/** Which of the two it claims to be; either is then verified in full. What is no JWT at all is answered as a bad access token. */
function isAccessToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === "at+jwt";
  } catch {
    return true;
  }
}

async function byAccessToken(token: string, tenant: TenantId, options: CallerAuthentication): Promise<Caller> {
  const claims = await options.verifyAccessToken(token);
  if (claims === undefined) return new Refused(refusals.AccessTokenInvalid("not ours, or expired"));
  const standing = await tokenStanding(claims, tenant, options);
  if (standing.kind === "revoked") return new Refused(refusals.AccessTokenInvalid("revoked"));
  return { caller: standing.caller, pod: undefined };
}

async function bySubjectToken(token: string, { verify, cluster, clock }: CallerAuthentication): Promise<Caller> {
  const result = await verify(token);
  if (result.kind === "refused") return new Refused(result.refusal);
  const liveness = await podLiveness(result.pod, cluster, clock.now());
  return liveness.kind === "refused" ? new Refused(liveness.refusal) : { caller: result.pod, pod: liveness.pod };
}
