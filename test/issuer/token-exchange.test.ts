import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { clusterRoleAssignments, managedIdentities, protectedResources, roleAssignments } from "../../kube/kinds.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT } from "../support/shop.ts";

/** Verifies as a target would: from the discovery document alone. */
async function verifyAsTarget(it: Shop, token: string) {
  const discovery = await jsonBody(it.get("/.well-known/openid-configuration"));
  return jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), {
    issuer: discovery.issuer,
    audience: VAULT,
    typ: "at+jwt",
    currentDate: new Date(it.world.clock.now()),
  });
}

async function refusalOf(reply: Response) {
  return { status: reply.status, ...(await jsonBody(reply)) };
}

describe("POST /oauth2/token", () => {
  test("a pod gets a token that verifies through discovery and the published keys", async () => {
    const it = await shop();
    const reply = await it.exchange();
    expect(reply.status).toBe(200);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    const body = await jsonBody(reply);
    expect(body).toMatchObject({
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: 3600,
      client_id: it.identity.status?.clientId,
    });
    const { payload, protectedHeader } = await verifyAsTarget(it, body.access_token);
    expect(protectedHeader).toMatchObject({ alg: "RS256", typ: "at+jwt", kid: it.signingKeys.RS256.kid });
    expect(payload).toMatchObject({
      sub: it.identity.metadata.uid,
      oid: it.identity.metadata.uid,
      tid: await it.world.tenantId(),
      azp: it.identity.status?.clientId,
      xms_mirid: "/namespaces/shop/managedIdentities/orders",
      roles: ["secrets-reader"],
      "kubernetes.io": {
        namespace: "shop",
        pod: { name: "orders-1", uid: it.pod.metadata.uid },
        node: { name: "node-1" },
      },
    });
  });

  test("a resource that asks for ES256 gets it", async () => {
    const it = await shop();
    await it.world.update(protectedResources, "payments/payments-vault", {
      audiences: [VAULT],
      signingAlgorithm: "ES256",
    });
    const { protectedHeader } = await verifyAsTarget(it, await it.accessToken());
    expect(protectedHeader).toMatchObject({ alg: "ES256", kid: it.signingKeys.ES256.kid });
  });

  test("a resource that asks for typ JWT gets it, and the issuer takes such a token for what it is", async () => {
    const it = await shop();
    await it.world.update(protectedResources, "payments/payments-vault", { audiences: [VAULT], tokenType: "JWT" });
    const token = await it.accessToken();
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: "JWT" });
    const headers = { authorization: `Bearer ${token}` };
    expect(await jsonBody(it.post("/introspect", { token }, headers))).toMatchObject({ active: true, aud: VAULT });
  });

  test("claims of the identity forge nothing: they stand last, in custom", async () => {
    const it = await shop();
    const role = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    await it.world.update(managedIdentities, "shop/orders", {
      subjects: [{ serviceAccount: "orders" }],
      token: { lifetime: "1h", claims: { [role]: "owner", policy: "consoleAdmin" } },
    });
    const { payload } = await verifyAsTarget(it, await it.accessToken());
    expect(Object.keys(payload).at(-1)).toBe("custom");
    expect(payload).toMatchObject({ roles: ["secrets-reader"], custom: { [role]: "owner", policy: "consoleAdmin" } });
  });

  test("no two tokens share an id", async () => {
    const it = await shop();
    const [one, other] = await Promise.all([it.accessToken(), it.accessToken()]);
    const ids = await Promise.all([one, other].map(async (token) => (await verifyAsTarget(it, token)).payload.jti));
    expect(new Set(ids).size).toBe(2);
  });

  test("an assignment that is removed counts at the next request, with no restart and no time passing", async () => {
    const it = await shop();
    expect((await it.exchange()).status).toBe(200);
    await it.world.delete(roleAssignments, "payments/orders-reads");
    expect(await refusalOf(await it.exchange())).toMatchObject({
      status: 403,
      error: "access_denied",
      error_code: "RoleAssignmentRequired",
    });
  });

  test("an assignment for the whole cluster counts as soon as it is there, and no longer", async () => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    await it.world.clusterAssignment("orders-everywhere", { to: "shop/orders", role: "secrets-reader", scope: "/" });
    expect((await it.exchange()).status).toBe(200);
    await it.world.delete(clusterRoleAssignments, "orders-everywhere");
    expect((await it.exchange()).status).toBe(403);
  });

  test("an identity that was deleted and made again has none of the roles of the old one", async () => {
    const it = await shop();
    await it.world.delete(managedIdentities, "shop/orders");
    await it.world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
    expect(await refusalOf(await it.exchange())).toMatchObject({ status: 403, error_code: "RoleAssignmentRequired" });
  });

  test("a disabled identity gets nothing", async () => {
    const it = await shop();
    await it.world.update(managedIdentities, "shop/orders", {
      subjects: [{ serviceAccount: "orders" }],
      disabled: true,
    });
    expect(await refusalOf(await it.exchange())).toMatchObject({ status: 403, error_code: "IdentityDisabled" });
  });

  test("an audience that nobody registered is refused, with the one that was meant", async () => {
    const it = await shop();
    const refusal = await refusalOf(await it.exchange({ audience: `${VAULT}e` }));
    expect(refusal).toMatchObject({ status: 400, error: "invalid_target", error_code: "AudienceNotRegistered" });
    expect(refusal.error_description).toContain(`Did you mean "${VAULT}"?`);
  });

  test("a pod that asks in a loop is told when to ask again, and others are served on", async () => {
    const it = await shop({ rateLimits: { ...limits, tokensPerPod: { perSecond: 0.5, burst: 2 } } });
    for (let count = 0; count < 2; count += 1) expect((await it.exchange()).status).toBe(200);
    const refused = await it.exchange();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("2");
    const other = await it.world.pod("shop/orders-2", { serviceAccount: "orders" });
    const subject_token = await it.tokens.mintPodToken(other, it.account);
    expect((await it.exchange({ subject_token })).status).toBe(200);
    await it.world.clock.advance(2000);
    expect((await it.exchange()).status).toBe(200);
  });

  test("a flood of tokens that do not verify empties nobody's bucket", async () => {
    const it = await shop({ rateLimits: { ...limits, tokensPerPod: { perSecond: 0.5, burst: 1 } } });
    const tampered = `${it.subjectToken.slice(0, -8)}AAAAAAAA`;
    for (let count = 0; count < 5; count += 1) {
      expect((await it.exchange({ subject_token: tampered })).status).toBe(401);
    }
    expect((await it.exchange()).status).toBe(200);
  });
});

const limits = defaultIssuerSettings.rateLimits;
