import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAcceptableClaim } from "../../identity/accepted-claims.ts";
import { reservedClaims } from "../../identity/claim-names.ts";
import { property } from "../support/property.ts";
import { specProblems } from "./spec-problems.ts";

const problems = (acceptedClaims: unknown): string[] =>
  specProblems("ProtectedResource", { audiences: ["https://orders.shop.svc"], acceptedClaims });

describe("names that a target may lift", () => {
  test.each(["team", "cost_center", "region", "env2", "a", "a".repeat(64)])("%s", (name) => {
    expect(problems([name])).toEqual([]);
    expect(isAcceptableClaim(name)).toBe(true);
  });

  test("sixteen of them", () => expect(problems(Array.from({ length: 16 }, (_none, at) => `claim${at}`))).toEqual([]));
});

describe("names that no target may lift", () => {
  const refused: readonly (readonly [string, readonly string[]])[] = [
    ["Lanyard's own", ["custom", "known_revocations", "kubernetes", "kubernetes_pod", "lanyard", "xms_mirid", "oid"]],
    ["JWT's and OpenID Connect's", ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "address", "profile", "nonce"]],
    ["RFC 9068's", ["client_id", "roles", "groups", "entitlements", "scope", "auth_time", "acr", "amr"]],
    ["an introspection reply's", ["active", "token_type", "username"]],
    ["Entra ID's", ["tid", "scp", "wids", "appid", "idtyp", "upn", "unique_name", "xms_tcdt", "aio", "acrs"]],
    ["the short names of .NET", ["role", "nameid", "actort", "winaccountname", "certthumbprint", "group", "prn"]],
    ["what MinIO and others take for rights", ["policy", "policies", "permissions", "authorities", "realm_access"]],
    ["another spelling with underscores", ["client__id", "clientid", "c_lient_id", "nameidentifier", "token_use"]],
    ["members of every object", ["constructor", "prototype", "__proto__", "hasOwnProperty", "toString", "valueOf"]],
    ["another case, which would be a duplicate", ["Team", "TEAM", "Roles", "ROLE", "Policy"]],
    ["URLs", ["http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "https://example.com/team", "urn:role"]],
    ["dots, spaces, signs", ["kubernetes.io", "team.name", "team name", "team\n", " team", "cost-center", "$team", ""]],
    ["look-alikes of another alphabet", ["tеam", "rоles", "ｔｅａｍ", "role\u200b", "ſub"]],
    ["too long, or odd", ["a".repeat(65), "7team", "_team", "team_", "te__am"]],
  ];
  test.each(refused.flatMap(([kind, names]) => names.map((name) => [kind, name] as const)))("%s: %j", (_kind, name) => {
    expect(problems([name])).toHaveLength(1);
    expect(isAcceptableClaim(name)).toBe(false);
  });

  test.each([...reservedClaims])("the reserved claim %s", (name) => expect(isAcceptableClaim(name)).toBe(false));

  test("more than sixteen, or one twice", () => {
    expect(problems(Array.from({ length: 17 }, (_none, at) => `claim${at}`))).toHaveLength(1);
    expect(problems(["team", "team"])).toHaveLength(1);
  });
});

property("what may be lifted is a simple identifier", [fc.string({ unit: "grapheme" })], (name) => {
  return !isAcceptableClaim(name) || /^[a-z][a-z0-9_]{0,63}$/.test(name);
});
