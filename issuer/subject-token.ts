import { hash } from "node:crypto";
import { errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import type { PodIdentity } from "../identity/claims.ts";
import { ISSUER_AUDIENCE } from "../identity/names.ts";
import { type Refusal, refusals } from "../identity/reasons.ts";
import type { Clock } from "../kube/clock.ts";
import type { TokenBuckets } from "../kube/token-bucket.ts";
import type { ClusterIssuers } from "./cluster-issuers.ts";
import { type ClusterKeys, ClusterKeysError } from "./cluster-keys.ts";
import { issuerLimits } from "./limits.ts";

/** What a projected ServiceAccount token proves: the cluster gave it to this pod, and it has not expired. Not that the pod still lives. */
export type SubjectTokenResult =
  | { readonly kind: "verified"; readonly pod: PodIdentity }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly retryAfterSeconds?: number };

/** The address that a token came from is charged if the token is no good. */
export type VerifySubjectToken = (token: string, sourceAddress?: string) => Promise<SubjectTokenResult>;

export interface SubjectTokenOptions {
  readonly issuers: ClusterIssuers;
  readonly keys: ClusterKeys;
  readonly clock: Clock;
  readonly mostRemembered?: number;
  /** By source address: how many tokens that are no good are verified. */
  readonly failures?: TokenBuckets;
}

/** By how much two clocks may differ when `exp` is compared. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/**
 * A token of this cluster that is not valid yet is one whose issuer's clock is ahead of ours: the cluster makes none for
 * later. The kubelet renews a token long before it ends, so that no such tolerance is needed there.
 */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Those that keys of the two types which an API server reads can sign with: RSA, and ECDSA on the three NIST curves. The
 * set is fixed before a key is chosen, and a key is chosen by its type, curve and `alg`: no token picks another use of it.
 */
export const clusterAlgorithms = [
  ...["RS256", "RS384", "RS512"],
  ...["PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512"],
] as const;

const named = z.object({ name: z.string().min(1), uid: z.string().min(1) });
/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens */
const claimsSchema = z.object({
  sub: z.string(),
  exp: z.number(),
  aud: z.union([z.string(), z.array(z.string())]),
  "kubernetes.io": z.object({
    namespace: z.string().min(1),
    serviceaccount: named,
    pod: named,
    node: z.object({ name: z.string().min(1) }).optional(),
  }),
});

interface Remembered {
  readonly result: SubjectTokenResult;
  readonly issuer: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly keysVersion: number;
}

/**
 * Verifies subject tokens. One that was found good is remembered by its hash until it expires or the cluster's keys
 * change, to save the signature check; what was refused is not remembered.
 */
export function subjectTokenVerifier(options: SubjectTokenOptions): VerifySubjectToken {
  const { keys, clock, mostRemembered = issuerLimits.verifiedTokensInMemory } = options;
  const remembered = new Map<string, Remembered>();

  return async (token, sourceAddress = "") => {
    const digest = hash("sha256", token, "base64url");
    const known = remembered.get(digest);
    if (known !== undefined && isStillGood(known, keys, clock)) {
      return (await issuerRefusal(known.issuer, token, options)) ?? known.result;
    }
    remembered.delete(digest);
    const keysVersion = keys.version();
    const { result, ...verified } = await verifyLimited(token, sourceAddress, options);
    if (result.kind === "verified") {
      if (remembered.size >= mostRemembered) dropOldest(remembered);
      remembered.set(digest, { result, ...verified, keysVersion });
    }
    return result;
  };
}

function isStillGood({ expiresAt, keysVersion }: Remembered, keys: ClusterKeys, clock: Clock): boolean {
  return keysVersion === keys.version() && clock.now() / 1000 < expiresAt + CLOCK_TOLERANCE_SECONDS;
}

function dropOldest(remembered: Map<string, Remembered>): void {
  for (const digest of remembered.keys().take(1)) remembered.delete(digest);
}

type Verification = Omit<Remembered, "keysVersion">;

/** A signature is checked only for an address that has not shown too many bad ones. */
async function verifyLimited(token: string, address: string, options: SubjectTokenOptions): Promise<Verification> {
  const wait = options.failures?.wait(address) ?? 0;
  if (wait > 0) {
    const result = { ...refused(refusals.AddressLimited(wait)), retryAfterSeconds: wait };
    return { result, issuer: "", expiresAt: 0 };
  }
  const verification = await verify(token, options);
  if (verification.result.kind === "refused") options.failures?.charge(address, 1);
  return verification;
}

async function verify(token: string, options: SubjectTokenOptions): Promise<Verification> {
  const { keys, clock } = options;
  try {
    const { payload } = await jwtVerify(token, keys.keyFor, {
      algorithms: [...clusterAlgorithms],
      audience: ISSUER_AUDIENCE,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(clock.now()),
      requiredClaims: ["iss", "sub", "exp"],
    });
    const { iss: issuer = "", exp: expiresAt = 0 } = payload;
    const expired = clock.now() / 1000 >= expiresAt + CLOCK_TOLERANCE_SECONDS;
    const result = expired ? refused(refusals.SubjectTokenExpired()) : podOf(payload);
    if (result.kind === "refused") return { result, issuer, expiresAt };
    return { result: (await issuerRefusal(issuer, token, options)) ?? result, issuer, expiresAt };
  } catch (error) {
    return { result: { kind: "refused", refusal: refusalFor(error) }, issuer: "", expiresAt: 0 };
  }
}

/** Asked last: an issuer that is not known yet costs a question to the API server, which only its own tokens are worth. */
async function issuerRefusal(
  issuer: string,
  token: string,
  { issuers }: SubjectTokenOptions,
): Promise<SubjectTokenResult | undefined> {
  try {
    return (await issuers.accepts(issuer, token)) ? undefined : refused(refusals.SubjectTokenIssuer());
  } catch (error) {
    return refused(refusalFor(error));
  }
}

function podOf(payload: JWTPayload): SubjectTokenResult {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) return refused(isUnbound(payload) ? refusals.SubjectTokenUnbound() : invalid("claims"));
  const { sub, aud, "kubernetes.io": bound } = parsed.data;
  const { namespace, serviceaccount: serviceAccount, pod, node } = bound;
  if (sub !== `system:serviceaccount:${namespace}:${serviceAccount.name}`) return refused(invalid("sub"));
  // A token with a second audience could be sent here by whoever that audience is.
  if (Array.isArray(aud) && aud.length !== 1) return refused(refusals.SubjectTokenAudience(ISSUER_AUDIENCE));
  const identity = { namespace, pod, serviceAccount };
  return { kind: "verified", pod: node === undefined ? identity : { ...identity, node: node.name } };
}

const boundToPod = z.object({ "kubernetes.io": z.object({ pod: z.object({}) }) });
const isUnbound = (payload: JWTPayload): boolean => !boundToPod.safeParse(payload).success;

/** By the error's class and claim, never its message; only its code goes on to the log. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return refusals.SubjectTokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed) return refusalForClaim(error.claim);
  if (error instanceof errors.JOSEError) return invalid(error.code);
  if (error instanceof ClusterKeysError) return refusals.ClusterKeysUnavailable(error.message);
  throw error;
}

function refusalForClaim(claim: string): Refusal {
  if (claim === "aud") return refusals.SubjectTokenAudience(ISSUER_AUDIENCE);
  return invalid(claim);
}

const invalid = (what: string): Refusal => refusals.SubjectTokenInvalid(what);
const refused = (refusal: Refusal) => ({ kind: "refused", refusal }) as const;
