import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { roleAssignments } from "../../kube/kinds.ts";
import { type IssuerWorld, issuerWorld } from "../support/issuer-world.ts";

const VAULT = "https://payments-vault.payments.svc";

/** An identity `shop/orders` for the pods of ServiceAccount `shop/orders`, with a role on the vault. */
async function shop(settings = {}) {
  const it = await issuerWorld(settings);
  const { world } = it;
  await world.namespace("shop");
  await world.namespace("payments");
  const account = await world.serviceAccount("shop/orders");
  const pod = await world.pod("shop/orders-1", { serviceAccount: "orders" });
  const identity = await world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
  await world.resource("payments/payments-vault", VAULT);
  await world.role("secrets-reader");
  await world.assignment("payments/orders-reads", { to: "shop/orders", role: "secrets-reader", resource: "payments-vault" });
  const subjectToken = await it.tokens.mintPodToken(pod, account);
  return { ...it, account, pod, identity, subjectToken };
}

function exchange({ post }: Pick<IssuerWorld, "post">, subjectToken: string, more: Record<string, string> = {}) {
  return post("/oauth2/token", {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience: VAULT,
    ...more,
  });
}

describe("POST /oauth2/token", () => {
  test("a pod gets a token that verifies through discovery and the published keys", async () => {
    const it = await shop();
    const reply = await exchange(it, it.subjectToken);
    expect(reply.status).toBe(200);
    const body = await reply.json();
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3600, client_id: it.identity.status?.clientId });
    const discovery = await (await it.get("/.well-known/openid-configuration")).json();
    const { payload, protectedHeader } = await jwtVerify(body.access_token, createRemoteJWKSet(new URL(discovery.jwks_uri)), {
      issuer: discovery.issuer,
      audience: VAULT,
      typ: "at+jwt",
      currentDate: new Date(it.world.clock.now()),
    });
    expect(protectedHeader.alg).toBe("RS256");
    expect(payload).toMatchObject({ sub: it.identity.metadata.uid, roles: ["secrets-reader"] });
  });

  test("a removed assignment refuses the next request", async () => {
    const it = await shop();
    expect((await exchange(it, it.subjectToken)).status).toBe(200);
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const reply = await exchange(it, it.subjectToken);
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ error: "access_denied", error_code: "RoleAssignmentRequired" });
  });
});
