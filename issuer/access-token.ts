import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { signingAlgorithms, tokenTypes } from "../identity/protected-resource.ts";
import type { Clock } from "../kube/clock.ts";
import { publicKeySet, type SigningKeys } from "./signing-keys.ts";
import { CLOCK_TOLERANCE_SECONDS } from "./subject-token.ts";

const named = z.object({ name: z.string(), uid: z.string() });

/** The claims of a token of ours that decide whether it is still good; the others go along. */
const accessClaimsSchema = z.looseObject({
  aud: z.string(),
  sub: z.string(),
  tid: z.string(),
  azp: z.string(),
  /** Not in tokens that were signed before this claim came (RFC 9068 §2.2). */
  client_id: z.string().optional(),
  jti: z.string(),
  known_revocations: z.string().optional(),
  "kubernetes.io": z.object({
    namespace: z.string(),
    pod: named,
    serviceaccount: named,
    node: z.object({ name: z.string() }).optional(),
  }),
});
export type AccessClaims = z.infer<typeof accessClaimsSchema>;

/** The claims of a token that this issuer signed and that has not expired; undefined for anything else. */
export type VerifyAccessToken = (token: string) => Promise<AccessClaims | undefined>;

export interface AccessTokenOptions {
  readonly issuer: string;
  readonly signingKeys: SigningKeys;
  readonly clock: Clock;
}

export function accessTokenVerifier({ issuer, signingKeys, clock }: AccessTokenOptions): VerifyAccessToken {
  const keys = createLocalJWKSet(publicKeySet(signingKeys));
  return async (token) => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        algorithms: [...signingAlgorithms],
        issuer,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ["sub", "aud", "exp", "jti"],
      });
      return isAccessTokenType(protectedHeader.typ) ? accessClaimsSchema.parse(payload) : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };
}

/** Status lists are signed with the same keys, and are of another type (`statuslist+jwt`). */
export function isAccessTokenType(typ: string | undefined): boolean {
  return tokenTypes.some((type) => type === typ);
}
