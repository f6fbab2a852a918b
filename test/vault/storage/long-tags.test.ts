import { expect, test } from "vitest";
import { defaultRateLimits } from "../../../vault/settings.ts";
import { vaultWorld } from "../vault-world.ts";

const tags = Object.fromEntries(Array.from({ length: 15 }, (_, number) => [`t${number}`, "x".repeat(500)]));
const rate = { perSecond: 1, burst: 8 };

test("long tags are not kept in memory, and lists show them all the same, also of deleted secrets", async () => {
  const it = await vaultWorld();
  const token = await it.tokenOf("payments/admin");
  for (const name of ["long", "gone"]) await it.ask(`PUT /secrets/${name}`, { token, body: { value: "x", tags } });
  await it.ask("PUT /secrets/short", { token, body: { value: "x", tags: { a: "b" } } });
  await it.ask("DELETE /secrets/gone", { token });
  const { body } = await it.ask("GET /secrets", { token });
  expect(body.value).toMatchObject([{ tags }, { tags: { a: "b" } }]);
  expect((await it.ask("GET /deletedsecrets", { token })).body.value).toMatchObject([{ tags }]);
});

test("a list that reads many objects is charged to its caller like as many requests", async () => {
  const it = await vaultWorld({ settings: { rateLimits: { ...defaultRateLimits, perPrincipal: rate } } });
  const token = await it.tokenOf("payments/admin");
  for (const name of ["a", "b", "c", "d"]) await it.ask(`PUT /secrets/${name}`, { token, body: { value: "x", tags } });
  expect((await it.ask("GET /secrets", { token })).status).toBe(200);
  expect((await it.ask("GET /secrets", { token })).status).toBe(429);
});
