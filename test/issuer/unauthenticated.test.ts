import { describe, expect, test } from "vitest";
import { issuerLimits } from "../../issuer/limits.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { jsonBody } from "../support/json-body.ts";
import { shop, tokenExchangeForm } from "../support/shop.ts";

const { rateLimits } = defaultIssuerSettings;
const few = { perSecond: 1, burst: 3 };

describe("requests that prove no pod", () => {
  test("are verified a few times for each address, and then refused before any work", async () => {
    const it = await shop({ rateLimits: { ...rateLimits, failedAuthenticationsPerAddress: few } });
    const forged = (at: number) => it.subjectToken.replace(/[^.]+$/, Buffer.alloc(256, at).toString("base64url"));
    const codes: string[] = [];
    for (let at = 0; at < 5; at++) {
      codes.push((await jsonBody(it.post("/oauth2/token", tokenExchangeForm(forged(at))))).error_code);
    }
    expect(codes).toEqual([
      ...Array.from({ length: 3 }, () => "SubjectTokenInvalid"),
      "AddressLimited",
      "AddressLimited",
    ]);
    const refused = await it.post("/oauth2/token", tokenExchangeForm(forged(9)));
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
  });

  test("do not keep a pod of the same address out whose token was verified before", async () => {
    const it = await shop({ rateLimits: { ...rateLimits, failedAuthenticationsPerAddress: few } });
    // The first token is verified again: the cluster's keys were fetched for it.
    for (let at = 0; at < 2; at++) expect((await it.exchange()).status).toBe(200);
    for (let at = 0; at < 5; at++) await it.post("/oauth2/token", tokenExchangeForm(`a.b.${at}`));
    expect((await it.exchange()).status).toBe(200);
  });

  test("share one audit record a minute for each reason, with a count and some addresses", async () => {
    const it = await shop();
    for (let at = 0; at < 5; at++) await it.post("/oauth2/token", tokenExchangeForm(`a.b.${at}`));
    const refused = () => it.audit.filter(({ decision }) => decision === "refused");
    expect(refused()).toHaveLength(1);
    await it.world.clock.advance(issuerLimits.refusalDigestMs);
    expect(refused()).toHaveLength(2);
    expect(refused()[1]).toMatchObject({ reason: "SubjectTokenInvalid", count: 4, sourceAddresses: ["127.0.0.1"] });
  });

  test("leave each refusal of a pod that is known its own record", async () => {
    const it = await shop();
    for (let at = 0; at < 3; at++) await it.exchange({ audience: "https://nothing.example" });
    expect(it.audit.map((record) => ("reason" in record ? record.reason : undefined))).toEqual(
      Array.from({ length: 3 }, () => "AudienceNotRegistered"),
    );
  });
});

test("an address has a limit of requests on every route, and is told when to come back", async () => {
  const it = await shop({ rateLimits: { ...rateLimits, requestsPerAddress: few } });
  for (let at = 0; at < 3; at++) expect((await it.get("/keys")).status).toBe(200);
  const refused = await it.get("/keys");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  expect((await jsonBody(Promise.resolve(refused))).error_code).toBe("AddressLimited");
  expect((await it.get("/nothing")).status).toBe(429);
});

test("the pods of namespaces that ask for others have no limit by address", async () => {
  const it = await shop({ decisionNamespaces: ["shop"], rateLimits: { ...rateLimits, requestsPerAddress: few } });
  await it.world.pod("shop/gateway", { serviceAccount: "orders", addresses: ["127.0.0.1"] });
  for (let at = 0; at < 6; at++) expect((await it.get("/keys")).status).toBe(200);
});
