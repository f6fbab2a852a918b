import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import { z } from "zod";
import { signingAlgorithms, tokenTypes } from "../../identity/protected-resource.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Caller, TokenCheck } from "../authority.ts";
import type { IssuerKeys } from "./issuer-keys.ts";

/** Of the claims of an access token, those that say who shows it. */
const claimsSchema = z.object({
  sub: z.string().min(1),
  aud: z.string().min(1),
  azp: z.string().optional(),
  xms_mirid: z.string().optional(),
  "kubernetes.io": z.object({ namespace: z.string(), pod: z.object({ name: z.string(), uid: z.string().optional() }) }),
});

/** For clocks that differ a little. The issuer checks the times again with each decision. */
const CLOCK_TOLERANCE_SECONDS = 5;

interface Verification {
  /** The `iss` of tokens. */
  readonly issuerUrl: string;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

/**
 * Verifies an access token by the issuer's public keys (RFC 9068 §4), without asking the issuer: whoever sends tokens
 * that the issuer did not sign takes nothing of what others have there.
 */
export async function verifyToken(token: string, { issuerUrl, keys, clock }: Verification): Promise<TokenCheck> {
  const header = headerOf(token);
  if (header === undefined) return { kind: "invalid" };
  const getKey = await keys.for(header.kid);
  if ("kind" in getKey) return getKey;
  try {
    const { payload } = await jwtVerify(token, getKey, {
      algorithms: [...signingAlgorithms],
      issuer: issuerUrl,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
      requiredClaims: ["sub", "aud", "exp"],
    });
    const claims = claimsSchema.safeParse(payload);
    return claims.success ? { kind: "verified", caller: callerOf(claims.data) } : { kind: "invalid" };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { kind: "invalid" };
    throw error;
  }
}

/** Undefined for what is no JWT of an access token's type, before a key is looked for. */
function headerOf(token: string): { readonly kid: string | undefined } | undefined {
  try {
    const { typ, alg, kid } = decodeProtectedHeader(token);
    const isOurs = tokenTypes.some((type) => type === typ) && signingAlgorithms.some((each) => each === alg);
    return isOurs ? { kid } : undefined;
  } catch {
    return undefined;
  }
}

function callerOf({ sub, aud, azp, xms_mirid, "kubernetes.io": bound }: z.infer<typeof claimsSchema>): Caller {
  return {
    principalId: sub,
    audience: aud,
    identity: xms_mirid,
    clientId: azp,
    pod: { namespace: bound.namespace, ...bound.pod },
  };
}
