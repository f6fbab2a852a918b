import { z } from "zod";
import { boundedText } from "./bounded-text.ts";
import { rules } from "./validation-rule.ts";

/**
 * Claims that Lanyard or a standard gives a meaning; an identity may not claim them for itself. RFC 7519 §4.1, RFC 8693
 * §4, RFC 9068 §2.2, OpenID Connect Core §2 and §5.1, Entra ID's access tokens, and the members of an introspection
 * reply (RFC 7662 §2.2), where a claim of the identity would otherwise stand beside our own answer.
 */
export const reservedClaims: ReadonlySet<string> = new Set([
  ...["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "typ", "alg", "kid", "cnf", "nonce", "status"],
  ...["act", "may_act", "scope", "client_id", "groups", "roles", "entitlements"],
  ...["acr", "amr", "azp", "auth_time", "at_hash", "c_hash", "sid", "email", "email_verified", "preferred_username"],
  ...[
    "appid",
    "appidacr",
    "azpacr",
    "idp",
    "idtyp",
    "oid",
    "scp",
    "tid",
    "unique_name",
    "upn",
    "ver",
    "wids",
    "xms_mirid",
  ],
  ...["active", "token_type", "username", "kubernetes.io"],
]);

const longestName = 128;
const reservedInCel = `[${[...reservedClaims].map((name) => `'${name}'`).join(", ")}]`;
const tooMany = 32;

/** Claims of an identity's own, by name. */
export const claimsSchema = z
  .record(
    boundedText(longestName).refine((name) => name !== "", "a claim needs a name"),
    boundedText(1024).describe("The value of the claim."),
  )
  .superRefine((claims, context) => {
    const names = Object.keys(claims);
    if (names.length > tooMany) context.addIssue(`expected at most ${tooMany} claims`);
    for (const name of names.filter((candidate) => reservedClaims.has(candidate))) {
      context.addIssue({ code: "custom", path: [name], message: "names a reserved claim: choose another name" });
    }
  })
  .meta({
    maxProperties: tooMany,
    ...rules(
      {
        rule: `self.all(name, !(name in ${reservedInCel}))`,
        message: "names a reserved claim: choose another name",
      },
      {
        rule: `self.all(name, size(name) > 0 && size(name) <= ${longestName})`,
        message: `expected a claim name of 1 to ${longestName} characters`,
      },
    ),
  })
  .describe("Claims that every token of this identity carries besides the standard ones.");
