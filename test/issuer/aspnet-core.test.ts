import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { managedIdentities, protectedResources } from "../../kube/kinds.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT } from "../support/shop.ts";

/*
 * There is no .NET here. This imitates what AddJwtBearer does with a token, rule by rule: TokenValidationParameters
 * (issuer, audience, signature, lifetime with 5 minutes of skew, ValidTypes), then JwtSecurityTokenHandler's mapping of
 * short claim names to long types (MapInboundClaims), then ClaimsIdentity's search, which ignores the case of a type.
 */
const microsoft = "http://schemas.microsoft.com";
const xmlsoap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const types = {
  role: `${microsoft}/ws/2008/06/identity/claims/role`,
  nameIdentifier: `${xmlsoap}/nameidentifier`,
  objectId: `${microsoft}/identity/claims/objectidentifier`,
  tenantId: `${microsoft}/identity/claims/tenantid`,
} as const;
const inboundTypes: ReadonlyMap<string, string> = new Map([
  ...["role", "roles"].map((name) => [name, types.role] as const),
  ...["sub", "nameid"].map((name) => [name, types.nameIdentifier] as const),
  ["oid", types.objectId],
  ["tid", types.tenantId],
  ["unique_name", `${xmlsoap}/name`],
  ["email", `${xmlsoap}/emailaddress`],
  ["upn", `${xmlsoap}/upn`],
  ["idp", `${microsoft}/identity/claims/identityprovider`],
]);

interface Principal {
  readonly isInRole: (role: string) => boolean;
  /** As `User.FindFirst(type)`: the first one counts. */
  readonly first: (type: string) => string | undefined;
}

function principalOf(payload: JWTPayload): Principal {
  const claims = Object.entries(payload).flatMap(([name, value]) =>
    [value].flat().map((each) => ({
      type: (inboundTypes.get(name) ?? name).toLowerCase(),
      value: typeof each === "object" ? JSON.stringify(each) : String(each),
    })),
  );
  return {
    isInRole: (role) => claims.some(({ type, value }) => type === types.role.toLowerCase() && value === role),
    first: (wanted) => claims.find(({ type }) => type === wanted.toLowerCase())?.value,
  };
}

async function authenticate(it: Shop, token: string, validTypes: readonly string[]): Promise<Principal> {
  const { issuer } = await jsonBody(it.get("/.well-known/openid-configuration"));
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await jsonBody(it.get("/keys"))), {
    ...{ issuer, audience: VAULT, clockTolerance: 300, requiredClaims: ["exp"] },
    currentDate: new Date(it.world.clock.now()),
  });
  expect(validTypes).toContain(protectedHeader.typ);
  return principalOf(payload);
}

describe("by the rules of ASP.NET Core", () => {
  test.each([
    { tokenType: "at+jwt", validTypes: ["at+jwt"] },
    { tokenType: "JWT", validTypes: ["JWT"] },
  ])("a token of type $tokenType is good, with its role and principal", async ({ tokenType, validTypes }) => {
    const it = await shop();
    await it.world.update(protectedResources, "payments/payments-vault", { audiences: [VAULT], tokenType });
    const user = await authenticate(it, await it.accessToken(), validTypes);
    expect(user.isInRole("secrets-reader")).toBe(true);
    expect(user.first(types.objectId)).toBe(it.identity.metadata.uid);
  });

  test("own claims with .NET's long types, which stood first once, forge no role and no principal", async () => {
    const it = await shop();
    const claims = {
      [types.role]: "owner",
      [types.role.toUpperCase()]: "owner",
      [types.nameIdentifier]: "somebody",
      [types.objectId]: "somebody",
      [types.tenantId]: "elsewhere",
      team: "shop",
    };
    const subjects = [{ serviceAccount: "orders" }];
    await it.world.update(managedIdentities, "shop/orders", { subjects, token: { lifetime: "1h", claims } });
    await it.world.update(protectedResources, "payments/payments-vault", {
      audiences: [VAULT],
      acceptedClaims: ["team"],
    });
    const user = await authenticate(it, await it.accessToken(), ["at+jwt"]);
    expect(user.isInRole("owner")).toBe(false);
    expect(user.isInRole("secrets-reader")).toBe(true);
    for (const type of [types.nameIdentifier, types.objectId]) expect(user.first(type)).toBe(it.identity.metadata.uid);
    expect(user.first(types.tenantId)).toBe(await it.world.tenantId());
    expect(user.first("team")).toBe("shop");
  });
});
