import { describe, expect, test } from "vitest";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT_SCOPE } from "../support/shop.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const question = (it: Shop) => ({
  subject: { type: "managed_identity", id: it.identity.metadata.uid },
  action: { name: "secrets/read" },
  resource: { type: "resource", id: VAULT_SCOPE },
});

/** Every request to the issuer that takes a caller's credential and answers about something else than that credential. */
const requests: { name: string; send: (it: Shop, token: string) => Promise<Response> }[] = [
  {
    name: "POST /introspect about another token",
    send: async (it, token) => it.post("/introspect", { token: await it.accessToken() }, bearer(token)),
  },
  { name: "POST /introspect about no token", send: (it, token) => it.post("/introspect", {}, bearer(token)) },
  {
    name: "POST /access/v1/evaluation",
    send: (it, token) => postJson(it, "/access/v1/evaluation", question(it), token),
  },
  {
    name: "POST /access/v1/evaluations",
    send: (it, token) => postJson(it, "/access/v1/evaluations", { evaluations: [question(it)] }, token),
  },
];

function postJson(it: Shop, path: string, body: object, token: string): Promise<Response> {
  return it.post(path, JSON.stringify(body), { ...bearer(token), "content-type": "application/json" });
}

describe("a service that replays its caller's access token", () => {
  test.each(requests)("gets no answer at $name", async ({ send }) => {
    const it = await shop();
    const stolen = await it.accessToken();
    await it.world.clock.advance(1000);
    const reply = await send(it, stolen);
    expect(reply.status).toBe(401);
    expect(await jsonBody(reply)).toMatchObject({
      error: "invalid_token",
      error_code: "AccessTokenAudience",
      error_description: expect.stringContaining(it.url),
    });
  });

  test.each(requests)("does not use up the caller's budget at $name", async ({ send }) => {
    const one = { perSecond: 0.1, burst: 1 };
    const it = await shop({ rateLimits: { ...defaultIssuerSettings.rateLimits, decisionsPerPod: one } });
    const stolen = await it.accessToken();
    for (let count = 0; count < 3; count++) await send(it, stolen);
    expect((await postJson(it, "/access/v1/evaluation", question(it), it.subjectToken)).status).toBe(200);
  });
});

describe("a token that asks about itself", () => {
  const ask = (it: Shop, token: string) => it.post("/introspect", { token }, bearer(token));
  const one = { perSecond: 0.1, burst: 1 };

  test("is told what it is worth now", async () => {
    const it = await shop();
    expect(await jsonBody(ask(it, await it.accessToken()))).toMatchObject({ active: true, roles: ["secrets-reader"] });
  });

  test("is charged to the source address, and not to the pod that it was issued to", async () => {
    const rateLimits = {
      ...defaultIssuerSettings.rateLimits,
      ...{ decisionsPerPod: one, selfIntrospectionsPerAddress: { perSecond: 1, burst: 3 } },
    };
    const it = await shop({ rateLimits });
    const token = await it.accessToken();
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await ask(it, token)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await it.post("/introspect", { token }, bearer(it.subjectToken))).status).toBe(200);
  });

  test("is no way to have another token looked at", async () => {
    const it = await shop();
    const token = await it.accessToken();
    const body = `token=${token}&token=${await it.accessToken()}`;
    const form = { ...bearer(token), "content-type": "application/x-www-form-urlencoded" };
    expect((await it.post("/introspect", body, form)).status).toBe(401);
  });
});

describe("an access token for the issuer", () => {
  test.each([(url: string) => url, (url: string) => `${url}/`])("needs no role and opens every request", async (as) => {
    const it = await shop();
    const own = await it.accessToken(as(it.url));
    for (const { name, send } of requests) expect([name, (await send(it, own)).status]).not.toEqual([name, 401]);
    expect((await postJson(it, "/access/v1/evaluation", question(it), own)).status).toBe(200);
  });

  test("is charged to the pod that it was issued to", async () => {
    const one = { perSecond: 0.1, burst: 1 };
    const it = await shop({ rateLimits: { ...defaultIssuerSettings.rateLimits, decisionsPerPod: one } });
    const own = await it.accessToken(it.url);
    expect((await postJson(it, "/access/v1/evaluation", question(it), own)).status).toBe(200);
    expect((await postJson(it, "/access/v1/evaluation", question(it), it.subjectToken)).status).toBe(429);
  });

  test("is refused from another pod's address, as the pod's ServiceAccount token is", async () => {
    const it = await shop();
    const own = await it.accessToken(it.url);
    await it.world.pod("shop/thief", { addresses: ["127.0.0.1"] });
    const reply = postJson(it, "/access/v1/evaluation", question(it), own);
    expect((await jsonBody(reply)).error_code).toBe("SourceAddressMismatch");
  });

  test("cannot be redefined by a resource that registers the issuer's URL", async () => {
    const it = await shop();
    await it.world.resource("payments/pretender", it.url, { maxTokenLifetime: "10m" });
    await it.world.assignment("payments/pretends", {
      to: "shop/orders",
      role: "secrets-reader",
      resource: "pretender",
    });
    const reply = await jsonBody(it.exchange({ audience: it.url }));
    expect(reply.expires_in).toBe(3600);
    expect(it.audit.at(-1)).toMatchObject({ audience: it.url, roles: [] });
    expect(
      await jsonBody(it.post("/introspect", { token: reply.access_token }, bearer(it.subjectToken))),
    ).toMatchObject({ active: true, roles: [] });
  });
});
