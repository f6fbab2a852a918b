import { z } from "zod";
import { reservedClaims } from "./claim-names.ts";
import { rules } from "./validation-rule.ts";

/**
 * Names that a target may not lift, besides those that no identity may claim: a standard, or a verifier in common use,
 * gives each of them a meaning.
 */
const meaningfulClaims: readonly string[] = [
  // OpenID Connect Core §5.1 and the rest of IANA's registry of JWT claims: https://www.iana.org/assignments/jwt
  ...["middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale"],
  ...["address", "updated_at", "sub_jwk", "orig", "origid", "dest", "mky", "events", "toe", "txn", "rph", "vot", "vtm"],
  ...["attest", "jcard", "at_use_nbr", "div", "opt", "vc", "vp", "vct", "sph", "ace_profile", "cnonce", "exi", "ath"],
  ...["token_introspection", "eat_nonce", "ueid", "sueids", "oemid", "hwmodel", "hwversion", "oemboot", "dbgstat"],
  ...["location", "eat_profile", "submods", "uptime", "bootcount", "bootseed", "dloas", "swname", "swversion"],
  ...["manifests", "measurements", "measres", "intuse", "sig_val_claims", "verified_claims", "place_of_birth"],
  ...["nationalities", "birth_family_name", "birth_given_name", "birth_middle_name", "salutation", "title", "msisdn"],
  ...["also_known_as", "htm", "htu", "atc", "rcd", "rcdi", "crn", "msgi", "ttl", "jwk", "jwks", "jku", "x5c", "x5t"],
  ...["crit", "cty", "enc", "zip", "sd_hash", "_sd", "_sd_alg", "geohash", "metadata", "trust_marks", "cdniv"],
  // Entra ID's optional claims, and Cognito, Okta and Google.
  ...["acct", "acrs", "aio", "uti", "rh", "fwd", "ctry", "ipaddr", "puid", "deviceid", "device_id", "login_hint"],
  ...["in_corp", "onprem_sid", "pwd_exp", "pwd_url", "nickname", "platf", "controls", "signin_state", "altsecid"],
  ...["tenant_ctry", "tenant_region_scope", "verified_primary_email", "verified_secondary_email", "token_use", "cid"],
  ...["uid", "hd", "tenant", "tenant_id", "org_id", "object_id", "app_id", "idp_access_token"],
  // The short names that .NET maps to its own claim types (JwtSecurityTokenHandler.DefaultInboundClaimTypeMap).
  ...[
    "actort",
    "prn",
    "ppid",
    "commonname",
    "authmethod",
    "authentication_instant",
    "winaccountname",
    "relyingpartytrustid",
  ],
  ...["adfs1email", "adfs1upn", "group", "denyonlysid", "denyonlyprimarysid", "denyonlyprimarygroupsid", "proxy"],
  ...["primarygroupsid", "clientapplication", "clientip", "clientuseragent", "endpointpath", "forwardedclientip"],
  ...["insidecorporatenetwork", "isregistereduser", "deviceregid", "devicedispname", "deviceosver", "deviceostype"],
  ...["deviceowner", "devicemanaged", "pwdchgurl", "pwdexpdays", "pwdexptime", "nameidentifier", "objectidentifier"],
  // What verifiers take for rights, and for who the caller is.
  ...[
    "scopes",
    "permission",
    "authority",
    "privilege",
    "privileges",
    "entitlement",
    "right",
    "rights",
    "grant",
    "grants",
  ],
  ...["policy", "policies", "session_policy", "acl", "access", "access_key", "capabilities", "claims", "admin"],
  ...[
    "is_admin",
    "superuser",
    "root",
    "owner",
    "user",
    "user_id",
    "user_name",
    "user_role",
    "user_roles",
    "user_groups",
  ],
  ...["account", "account_id", "login", "principal", "principal_id", "principals", "subject", "issuer", "audience"],
  ...["service_account", "identity", "realm", "realm_roles", "client_roles", "resource_roles", "app_roles", "wids"],
  ...["role_names", "role_arn", "group_names", "team_roles", "member_of", "memberof", "authorization", "auth"],
  // Members that objects of JavaScript and Python have, and Lanyard's own.
  ...["constructor", "prototype", "custom", "error"],
];

/** Whole families of names: Entra ID's, certificates' in .NET, Lanyard's and Kubernetes'. */
const refusedBeginnings: readonly string[] = ["xms", "cert", "lanyard", "kubernetes"];

/** Underscores make no other name: some verifiers take `clientid`, `client_id` and `clientId` for one. */
const folded = (name: string): string => name.replaceAll("_", "");
const simpleName = /^[a-z0-9_]+$/;
const refusedNames: ReadonlySet<string> = new Set(
  [...reservedClaims, ...meaningfulClaims].filter((name) => simpleName.test(name)).map(folded),
);

const longestName = 64;
const namePattern = `^[a-z](_?[a-z0-9])*$`;
const nameForm = new RegExp(namePattern);
const mostNames = 16;
const invalidName = `expected a name of lower-case letters, digits and single "_" between them, such as "team"`;
const refused =
  "names a claim that Lanyard, a standard or a common verifier gives a meaning: let the identities use another name";

/** Whether a target may have this name at the top level of its tokens. Nothing that means something elsewhere passes. */
export function isAcceptableClaim(name: string): boolean {
  return name.length <= longestName && nameForm.test(name) && !isRefused(name);
}

function isRefused(name: string): boolean {
  const text = folded(name);
  return refusedNames.has(text) || refusedBeginnings.some((beginning) => text.startsWith(beginning));
}

const refusedInCel = `[${[...refusedNames].map((name) => `'${name}'`).join(", ")}]`;
const beginsInCel = refusedBeginnings.map((beginning) => `name.replace('_', '').startsWith('${beginning}')`);
const anyRefused = [`name.replace('_', '') in ${refusedInCel}`, ...beginsInCel].join(" || ");

export const acceptedClaimsSchema = z
  .array(
    z
      .string()
      .max(longestName)
      .regex(nameForm, invalidName)
      .refine((name) => !nameForm.test(name) || !isRefused(name), refused)
      .describe("Name of a claim in spec.token.claims of identities."),
  )
  .max(mostNames)
  .refine((names) => new Set(names).size === names.length, "expected each name once")
  .meta({ "x-kubernetes-list-type": "set", ...rules({ rule: `!self.exists(name, ${anyRefused})`, message: refused }) })
  .describe(
    "Claims of the callers' identities that this service wants at the top level of its tokens; the others are in the claim custom. Whoever may write a ManagedIdentity chooses the values, so never take a right from them.",
  );
