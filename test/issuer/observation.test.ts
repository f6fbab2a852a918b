import { expect, test } from "vitest";
import { shop, VAULT } from "../support/shop.ts";

test("every request is observed, under the name of its route and what became of it", async () => {
  const it = await shop();
  await it.exchange();
  await it.exchange({ audience: "https://unknown.svc" });
  await it.post(`/${await it.world.tenantId()}/oauth2/v2.0/token`, { resource: VAULT });
  await it.get("/keys");
  await it.get("/nothing/here");
  await it.post("/introspect", "{}", { "content-type": "application/json" });
  expect(it.observed.map(({ endpoint, outcome }) => `${endpoint} ${outcome}`)).toEqual([
    "POST /oauth2/token answered",
    "POST /oauth2/token AudienceNotRegistered",
    "POST /{tenant}/oauth2/v2.0/token InvalidRequest",
    "GET /keys answered",
    "none RouteNotFound",
    "POST /introspect UnsupportedMediaType",
  ]);
  for (const { seconds } of it.observed) expect(seconds).toBe(0);
});
