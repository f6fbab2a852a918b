import { describe, expect, test } from "vitest";
import { managedIdentities, pods, protectedResources, roleAssignments } from "../../../kube/kinds.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT } from "../../support/shop.ts";

/** Asked by a service that shows its own pod's ServiceAccount token. */
async function vault(it: Shop): Promise<Record<string, string>> {
  const account = await it.world.serviceAccount("payments/vault-server");
  const pod = await it.world.pod("payments/vault-0", { serviceAccount: "vault-server" });
  return { authorization: `Bearer ${await it.tokens.mintPodToken(pod, account)}` };
}

async function introspect(it: Shop, token: string, headers: Record<string, string>) {
  const reply = await it.post("/introspect", { token }, headers);
  return { status: reply.status, body: await jsonBody(reply) };
}

const inactive = { status: 200, body: { active: false } };

describe("POST /introspect", () => {
  test("a good token is active, with the roles of now", async () => {
    const it = await shop();
    const headers = await vault(it);
    const token = await it.accessToken();
    await it.world.role("reader", ["*/read"]);
    await it.world.assignment("payments/orders-reads-more", { to: "shop/orders", role: "reader" });
    const { body } = await introspect(it, token, headers);
    expect(body).toMatchObject({
      active: true,
      token_type: "Bearer",
      iss: it.url,
      aud: VAULT,
      sub: it.identity.metadata.uid,
      client_id: it.identity.status?.clientId,
      roles: ["reader", "secrets-reader"],
    });
  });

  const ends: { end: string; make: (it: Shop) => Promise<unknown> }[] = [
    { end: "its assignment was removed", make: (it) => it.world.delete(roleAssignments, "payments/orders-reads") },
    { end: "its identity was deleted", make: (it) => it.world.delete(managedIdentities, "shop/orders") },
    {
      end: "its identity was deleted and made again",
      make: async (it) => {
        await it.world.delete(managedIdentities, "shop/orders");
        await it.world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
        await it.world.assignment("payments/again", { to: "shop/orders", role: "secrets-reader" });
      },
    },
    {
      end: "its identity was disabled",
      make: (it) =>
        it.world.update(managedIdentities, "shop/orders", { subjects: [{ serviceAccount: "orders" }], disabled: true }),
    },
    {
      end: "its pod may not use the identity any more",
      make: (it) => it.world.update(managedIdentities, "shop/orders", { subjects: [{ serviceAccount: "reports" }] }),
    },
    { end: "its pod was deleted", make: (it) => it.world.delete(pods, "shop/orders-1") },
    {
      end: "its audience is registered no more",
      make: (it) => it.world.delete(protectedResources, "payments/payments-vault"),
    },
    { end: "it expired", make: (it) => it.world.clock.advance(3_606_000) },
  ];

  test.each(ends)("a token is not active when $end", async ({ make }) => {
    const it = await shop();
    const token = await it.accessToken();
    await make(it);
    expect(await introspect(it, token, await vault(it))).toEqual(inactive);
  });

  test.each([
    { given: "a ServiceAccount token", token: (it: Shop) => it.subjectToken },
    { given: "no token at all", token: () => "hello" },
    { given: "a token with a broken signature", token: (it: Shop) => it.subjectToken.replace(/.$/, "x") },
  ])("$given is not active, and no error says why", async ({ token }) => {
    const it = await shop();
    expect(await introspect(it, token(it), await vault(it))).toEqual(inactive);
  });

  test("an identity's own claims go along, those that the target accepts at the top level", async () => {
    const it = await shop();
    await it.world.update(protectedResources, "payments/payments-vault", {
      audiences: [VAULT],
      acceptedClaims: ["team"],
    });
    await it.world.update(managedIdentities, "shop/orders", {
      subjects: [{ serviceAccount: "orders" }],
      token: { lifetime: "1h", claims: { team: "shop", policy: "consoleAdmin" } },
    });
    const { body } = await introspect(it, await it.accessToken(), await vault(it));
    expect(body).toMatchObject({ active: true, team: "shop", custom: { policy: "consoleAdmin" } });
    expect(body).not.toHaveProperty("policy");
  });

  test("a resource that requires no assignment keeps the token active without roles", async () => {
    const it = await shop();
    await it.world.update(protectedResources, "payments/payments-vault", {
      audiences: [VAULT],
      assignmentRequired: false,
    });
    const token = await it.accessToken();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const { body } = await introspect(it, token, await vault(it));
    expect(body).toMatchObject({ active: true, roles: [] });
  });

  test("a grant in its last minutes still counts, although no new token would be issued for it", async () => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const expiresAt = new Date(it.world.clock.now() + 600_000).toISOString();
    await it.world.assignment("payments/short", { to: "shop/orders", role: "secrets-reader", expiresAt });
    const headers = await vault(it);
    const token = await it.accessToken();
    await it.world.clock.advance(500_000);
    expect((await introspect(it, token, headers)).body).toMatchObject({ active: true });
    expect((await it.exchange()).status).toBe(403);
  });

  test("without the parameter it is a malformed request", async () => {
    const it = await shop();
    const reply = await it.post("/introspect", { other: "x" }, await vault(it));
    expect(reply.status).toBe(400);
  });
});

describe("a caller of a decision endpoint", () => {
  test("may show an access token of its own identity for the issuer, with which it gets what its pod gets", async () => {
    const it = await shop();
    const token = await it.accessToken();
    const own = await it.accessToken(it.url);
    const { body } = await introspect(it, token, { authorization: `Bearer ${own}` });
    expect(body).toMatchObject({ active: true, aud: VAULT });
  });

  test("that shows nothing is told how to authenticate", async () => {
    const it = await shop();
    const reply = await it.post("/introspect", { token: "x" });
    expect(reply.status).toBe(401);
    expect(reply.headers.get("www-authenticate")).toBe('Bearer realm="lanyard"');
    expect(await jsonBody(reply)).toMatchObject({ error_code: "AuthenticationRequired" });
  });

  test("whose token was revoked is refused, and that is recorded", async () => {
    const it = await shop();
    const token = await it.accessToken();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const reply = await it.post("/introspect", { token }, { authorization: `Bearer ${token}` });
    expect(reply.status).toBe(401);
    expect(reply.headers.get("www-authenticate")).toBe('Bearer realm="lanyard", error="invalid_token"');
    expect(it.audit.at(-1)).toMatchObject({
      endpoint: "POST /introspect",
      decision: "refused",
      reason: "AccessTokenInvalid",
    });
  });

  test.each(["hello", "a.b.c.d", ".."])("that shows %j is told of its access token, not of a pod's", async (token) => {
    const it = await shop();
    const reply = await it.post("/introspect", { token: "x" }, { authorization: `Bearer ${token}` });
    expect(await jsonBody(reply)).toMatchObject({ error: "invalid_token", error_code: "AccessTokenInvalid" });
  });

  test.each(["Basic b3JkZXJzOnNlY3JldA==", "Bearer", "Bearer a b", "Bearer hello"])(
    "with %j is refused",
    async (authorization) => {
      const it = await shop();
      expect((await it.post("/introspect", { token: "x" }, { authorization })).status).toBe(401);
    },
  );
});
