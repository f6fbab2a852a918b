import { z } from "zod";
import { boundedText } from "./bounded-text.ts";
import { rules } from "./validation-rule.ts";

/**
 * Claims that Lanyard, a standard or a common verifier gives a meaning; an identity may not claim them for itself. RFC
 * 7519 §4.1, RFC 8693 §4, RFC 9068 §2.2, RFC 9396 §9.1, RFC 9493 §4, OpenID Connect Core §2, §5.1 and §5.6.2, Entra ID's
 * access tokens, the names under which Auth0, Keycloak, Spring and .NET look for roles, and the members of an
 * introspection reply (RFC 7662 §2.2), where a claim of the identity would otherwise stand beside our own answer.
 */
export const reservedClaims: ReadonlySet<string> = new Set([
  ...["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "typ", "alg", "kid", "cnf", "nonce", "status", "sub_id"],
  ...["act", "may_act", "scope", "client_id", "groups", "roles", "entitlements", "authorization_details"],
  ...["acr", "amr", "azp", "auth_time", "at_hash", "c_hash", "sid", "email", "email_verified", "preferred_username"],
  ...["name", "given_name", "family_name", "phone_number", "phone_number_verified", "_claim_names", "_claim_sources"],
  ...["appid", "appidacr", "azpacr", "idp", "idtyp", "oid", "scp", "tid", "unique_name", "upn", "ver", "wids"],
  ...["xms_mirid", "hasgroups"],
  ...["role", "permissions", "authorities", "realm_access", "resource_access", "nameid", "groupsid", "primarysid"],
  ...["active", "token_type", "username", "kubernetes.io", "known_revocations"],
]);

/** Without regard to case: .NET compares the types of claims so, and would take "Roles" for "roles". */
export function isReservedClaim(name: string): boolean {
  return reservedClaims.has(name.toLowerCase());
}

const longestName = 128;
/** ASCII alone, so that no look-alike of a reserved name is one in another alphabet. */
const namePattern = `^[!-~]{1,${longestName}}$`;
const invalidName = `expected a claim name of 1 to ${longestName} printable ASCII characters without spaces`;
const reserved = "names a reserved claim: choose another name";
const reservedInCel = `[${[...reservedClaims].map((name) => `'${name}'`).join(", ")}]`;
const mostClaims = 32;

/** Claims of an identity's own, by name. */
export const claimsSchema = z
  .record(z.string().regex(new RegExp(namePattern), invalidName), boundedText(1024).describe("The value of the claim."))
  .superRefine((claims, context) => {
    const names = Object.keys(claims);
    if (names.length > mostClaims) context.addIssue(`expected at most ${mostClaims} claims`);
    for (const name of names.filter(isReservedClaim)) {
      context.addIssue({ code: "custom", path: [name], message: reserved });
    }
  })
  .meta({
    maxProperties: mostClaims,
    ...rules(
      { rule: `self.all(name, !(name.lowerAscii() in ${reservedInCel}))`, message: reserved },
      { rule: `self.all(name, name.matches('${namePattern}'))`, message: invalidName },
    ),
  })
  .describe(
    "Claims of the identity's own. Each of its tokens has them in the claim custom; the target's ProtectedResource lifts names to the top level with spec.acceptedClaims.",
  );
