import { describe, expect, test } from "vitest";
import { defaultIssuerSettings } from "../../../issuer/settings.ts";
import { managedIdentities, pods } from "../../../kube/kinds.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop } from "../../support/shop.ts";

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const ask = (it: Shop, token = it.subjectToken): Promise<Response> => it.get("/identities", bearer(token));

describe("GET /identities", () => {
  test("names the identities that the pod may use", async () => {
    const it = await shop();
    const reply = await ask(it);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    const { principalId, clientId, resourceId } = it.identity.status ?? {};
    expect(await jsonBody(reply)).toEqual({
      identities: [{ client_id: clientId, object_id: principalId, resource_id: resourceId, default: true }],
    });
  });

  test("says what to write where when there is none", async () => {
    const it = await shop();
    await it.world.delete(managedIdentities, "shop/orders");
    const reply = await ask(it);
    expect(reply.status).toBe(400);
    expect(await jsonBody(reply)).toMatchObject({
      error_code: "NoIdentity",
      error_description: expect.stringContaining("Add ServiceAccount shop/orders to spec.subjects"),
    });
  });

  test.each([
    ["no token", undefined, 401, "AuthenticationRequired"],
    ["no JWT", "Bearer a", 401, "SubjectTokenInvalid"],
    ["another scheme", "Basic b3JkZXJz", 401, "AuthenticationRequired"],
  ])("refuses %s", async (_name, authorization, status, code) => {
    const it = await shop();
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const reply = await it.get("/identities", { headers });
    expect([reply.status, (await jsonBody(reply)).error_code]).toEqual([status, code]);
  });

  test("refuses an access token, which is for services", async () => {
    const it = await shop();
    expect((await jsonBody(ask(it, await it.accessToken()))).error_code).toBe("SubjectTokenInvalid");
  });

  test("refuses the token of a pod that is gone, and writes the refusal down", async () => {
    const it = await shop();
    await it.world.delete(pods, "shop/orders-1");
    expect((await jsonBody(ask(it))).error_code).toBe("PodNotFound");
    expect(it.audit).toMatchObject([
      { endpoint: "GET /identities", decision: "refused", reason: "PodNotFound", pod: { name: "orders-1" } },
    ]);
  });

  test("counts as a token request of the pod", async () => {
    const one = { perSecond: 0.1, burst: 1 };
    const it = await shop({
      rateLimits: { ...defaultIssuerSettings.rateLimits, tokensPerPod: one },
    });
    expect((await ask(it)).status).toBe(200);
    const reply = await ask(it);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "10"]);
    expect((await it.exchange()).status).toBe(429);
  });
});
