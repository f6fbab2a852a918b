import { decodeJwt, decodeProtectedHeader } from "jose";
import { isSameAudience } from "../../identity/audience.ts";
import type { PodIdentity } from "../../identity/claims.ts";
import type { TenantId } from "../../identity/ids.ts";
import { refusals } from "../../identity/reasons.ts";
import { bearerToken } from "../../kube/bearer-token.ts";
import type { Pod } from "../../kube/core-objects.ts";
import type { TokenBuckets } from "../../kube/token-bucket.ts";
import { isAccessTokenType, type VerifyAccessToken } from "../access-token.ts";
import type { AuditNotes } from "../audit.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";
import { podLiveness } from "../pod-liveness.ts";
import type { VerifySubjectToken } from "../subject-token.ts";
import { type StandingFacts, tokenStanding } from "../token-standing.ts";
import { notePod } from "./authenticate-pod.ts";

interface Context {
  readonly request: Pick<HttpRequest, "headers" | "sourceAddress">;
  readonly tenantId: TenantId;
  readonly notes: AuditNotes;
}

export interface CallerAuthentication extends StandingFacts {
  /** The `iss` of access tokens. */
  readonly issuer: string;
  readonly verify: VerifySubjectToken;
  readonly verifyAccessToken: VerifyAccessToken;
  /** By source address: how many tokens that are no good are verified. */
  readonly failures: TokenBuckets;
}

export interface AuthenticatedCaller {
  readonly caller: PodIdentity;
  readonly pod: Pod;
}

/**
 * A service shows (RFC 6750 §2.1) its pod's ServiceAccount token for this issuer, or an access token of its managed
 * identity whose audience is this issuer. Any other access token was given to some service by its caller: the service
 * could show it here to act as that caller.
 */
export function authenticateCaller(options: CallerAuthentication) {
  return async ({ request, tenantId, notes }: Context): Promise<AuthenticatedCaller | Refused> => {
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) return new Refused(refusals.AuthenticationRequired());
    const caller = isAccessToken(token, options.issuer)
      ? await byAccessToken({ token, sourceAddress: request.sourceAddress }, tenantId, options)
      : await bySubjectToken({ token, sourceAddress: request.sourceAddress }, options);
    if (!(caller instanceof Refused)) notePod(notes, caller.caller);
    return caller;
  };
}

/** Which of the two it claims to be; either is then verified in full. What is no JWT at all is answered as a bad access token. */
function isAccessToken(token: string, issuer: string): boolean {
  try {
    const { typ } = decodeProtectedHeader(token);
    return typ === "at+jwt" || (isAccessTokenType(typ) && decodeJwt(token).iss === issuer);
  } catch {
    return true;
  }
}

interface Shown {
  readonly token: string;
  readonly sourceAddress: string;
}

async function byAccessToken(
  { token, sourceAddress }: Shown,
  tenant: TenantId,
  options: CallerAuthentication,
): Promise<AuthenticatedCaller | Refused> {
  const wait = options.failures.wait(sourceAddress);
  if (wait > 0) return new Refused(refusals.AddressLimited(wait), wait);
  const claims = await options.verifyAccessToken(token);
  if (claims === undefined) {
    options.failures.charge(sourceAddress, 1);
    return new Refused(refusals.AccessTokenInvalid("not ours, or expired"));
  }
  if (!isSameAudience(claims.aud, options.issuer)) return new Refused(refusals.AccessTokenAudience(options.issuer));
  const standing = await tokenStanding(claims, tenant, options);
  if (standing.kind === "revoked") return new Refused(refusals.AccessTokenInvalid("revoked"));
  return { caller: standing.caller, pod: standing.pod };
}

async function bySubjectToken(
  { token, sourceAddress }: Shown,
  { verify, cluster, clock }: CallerAuthentication,
): Promise<AuthenticatedCaller | Refused> {
  const result = await verify(token, sourceAddress);
  if (result.kind === "refused") return new Refused(result.refusal, result.retryAfterSeconds);
  const liveness = await podLiveness(result.pod, cluster, clock.now());
  return liveness.kind === "refused" ? new Refused(liveness.refusal) : { caller: result.pod, pod: liveness.pod };
}
