import { describe, expect, test } from "vitest";
import { managedIdentities } from "../../../kube/kinds.ts";
import { claimsOf } from "../../support/claims-of.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT } from "../../support/shop.ts";
import { effects } from "./effects.ts";
import { statusOf } from "./read-status.ts";

const MINUTE = 60_000;

/** Asked by a service that shows its own pod's ServiceAccount token. */
async function vault(it: Shop): Promise<Record<string, string>> {
  const account = await it.world.serviceAccount("payments/vault-server");
  const pod = await it.world.pod("payments/vault-0", { serviceAccount: "vault-server" });
  return { authorization: `Bearer ${await it.tokens.mintPodToken(pod, account)}` };
}

async function isActive(it: Shop, token: string, headers: Record<string, string>): Promise<boolean> {
  return (await jsonBody(it.post("/introspect", { token }, headers))).active;
}

/** What a token is told that asks about itself. */
async function ofItself(it: Shop, token: string): Promise<number> {
  return (await it.post("/introspect", { token }, { authorization: `Bearer ${token}` })).status;
}

/** How the decision endpoint answers a caller that shows this token. */
async function asCaller(it: Shop, token: string): Promise<number> {
  const subject = { type: "managed_identity", id: it.identity.metadata.uid };
  const question = { subject, action: { name: "secrets/read" }, resource: { type: "audience", id: VAULT } };
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (await it.post("/access/v1/evaluation", JSON.stringify(question), headers)).status;
}

describe.each(effects)("when $name", ({ take, newToken, endsIdentity }) => {
  test("introspection knows at once, whoever asks", async () => {
    const it = await shop();
    const headers = await vault(it);
    const token = await it.accessToken();
    expect([await isActive(it, token, headers), await ofItself(it, token)]).toEqual([true, 200]);
    await take(it, token);
    expect([await isActive(it, token, headers), await ofItself(it, token)]).toEqual([false, 401]);
  });

  test(`a caller with a token for the issuer is ${endsIdentity ? "refused" : "answered on"}`, async () => {
    const it = await shop();
    const token = await it.accessToken(it.url);
    expect(await asCaller(it, token)).toBe(200);
    await take(it, token);
    expect(await asCaller(it, token)).toBe(endsIdentity ? 401 : 200);
  });

  test(`a new token, asked for in the same second, is ${newToken}`, async () => {
    const it = await shop();
    const headers = await vault(it);
    await take(it, await it.accessToken());
    const reply = await it.exchange();
    if (newToken === "refused") {
      expect(reply.status).toBeGreaterThanOrEqual(400);
      return;
    }
    const token = (await jsonBody(reply)).access_token;
    expect([await isActive(it, token, headers), await statusOf(token)]).toEqual([true, 0]);
  });

  test.each([0, 15 * MINUTE])("the status list says so, of pods that are %i ms old", async (age) => {
    const it = await shop();
    await it.world.clock.advance(age);
    const token = await it.accessToken();
    expect(await statusOf(token)).toBe(0);
    await take(it, token);
    await it.world.clock.advance(500);
    expect(await statusOf(token)).toBe(1);
  });

  test("the tokens of another pod of another identity are what they were", async () => {
    const it = await shop();
    const headers = await vault(it);
    const account = await it.world.serviceAccount("shop/web");
    const pod = await it.world.pod("shop/web-1", { serviceAccount: "web" });
    await it.world.identity("shop/web", { subjects: [{ serviceAccount: "web" }] });
    await it.world.assignment("payments/web-reads", { to: "shop/web", role: "secrets-reader" });
    const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(pod, account) });
    const other = (await jsonBody(reply)).access_token;
    await take(it, await it.accessToken());
    expect([await isActive(it, other, headers), await statusOf(other)]).toEqual([true, 0]);
  });
});

test("of a pod's tokens, those of another pod with the same identity stay good when the pod's are revoked", async () => {
  const it = await shop();
  const headers = await vault(it);
  const second = await it.world.pod("shop/orders-2", { serviceAccount: "orders" });
  const reply = await it.exchange({ subject_token: await it.tokens.mintPodToken(second, it.account) });
  const other = (await jsonBody(reply)).access_token;
  const token = await it.accessToken();
  await it.world.revocation("shop/leaked", { pod: { name: "orders-1", uid: it.pod.metadata.uid } });
  expect([await isActive(it, token, headers), await isActive(it, other, headers)]).toEqual([false, true]);
  expect([await statusOf(token), await statusOf(other)]).toEqual([1, 0]);
});

test("a revocation of a pod by UID has no effect on another pod of that name", async () => {
  const it = await shop();
  const token = await it.accessToken();
  await it.world.revocation("shop/leaked", { pod: { name: "orders-1", uid: "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01" } });
  expect([await isActive(it, token, await vault(it)), await statusOf(token)]).toEqual([true, 0]);
});

test("of two tokens of a pod, the one that is not revoked stays good", async () => {
  const it = await shop();
  const headers = await vault(it);
  const leaked = await it.accessToken();
  await it.world.clock.advance(45 * MINUTE);
  const renewed = await it.accessToken();
  await it.world.revocation("shop/leaked", { tokenId: claimsOf(leaked).jti });
  expect([await isActive(it, leaked, headers), await isActive(it, renewed, headers)]).toEqual([false, true]);
  expect([await statusOf(leaked), await statusOf(renewed)]).toEqual([1, 0]);
});

describe("a tenant of another namespace revokes nothing", () => {
  test.each<[string, (token: string) => object]>([
    ["an identity of the same name", () => ({ managedIdentity: "orders" })],
    ["a pod of the same name", () => ({ pod: { name: "orders-1" } })],
    ["the token's id", (token) => ({ tokenId: claimsOf(token).jti })],
  ])("with %s", async (_what, specOf) => {
    const it = await shop();
    const token = await it.accessToken();
    await it.world.revocation("payments/hostile", specOf(token));
    expect([await isActive(it, token, await vault(it)), await statusOf(token)]).toEqual([true, 0]);
  });
});

test("an identity cannot say of its tokens that they know of a revocation", async () => {
  const it = await shop();
  const claims = { known_revocations: "99999999999.0123456789ab" };
  const spec = { type: "UserAssigned", subjects: [{ serviceAccount: "orders" }], token: { claims } };
  await expect(it.world.update(managedIdentities, "shop/orders", spec)).rejects.toThrow(/reserved/);
});
