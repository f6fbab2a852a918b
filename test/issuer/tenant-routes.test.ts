import { describe, expect, test } from "vitest";
import { jsonBody } from "../support/json-body.ts";
import { clientCredentialsForm, type Shop, shop, VAULT } from "../support/shop.ts";

const assertion = (it: Shop, changes: Record<string, string> = {}) => ({
  ...clientCredentialsForm(it.subjectToken, it.identity.status?.clientId ?? ""),
  ...changes,
});

async function outcome(reply: Response) {
  return { status: reply.status, ...(await jsonBody(reply)) };
}

describe("/{tenant}/oauth2/v2.0/token", () => {
  test.each([
    { given: "the tenant id", written: (id: string) => id },
    { given: "the tenant id in upper case", written: (id: string) => id.toUpperCase() },
  ])("$given: a client assertion gets a token for the resource of its scope", async ({ written }) => {
    const it = await shop();
    const tenant = written(await it.world.tenantId());
    const reply = await outcome(await it.post(`/${tenant}/oauth2/v2.0/token`, assertion(it)));
    expect(reply).toMatchObject({ status: 200, token_type: "Bearer", client_id: it.identity.status?.clientId });
    expect(it.audit.at(-1)).toMatchObject({ decision: "issued", grantType: "client_credentials", audience: VAULT });
  });

  test.each(["common", "91aa0000-0000-4000-8000-000000000000"])(
    "tenant %s is refused, with the right one",
    async (tenant) => {
      const it = await shop();
      const reply = await outcome(await it.post(`/${tenant}/oauth2/v2.0/token`, assertion(it)));
      expect(reply).toMatchObject({ status: 400, error: "invalid_request", error_code: "TenantUnknown" });
      expect(reply.error_description).toContain(await it.world.tenantId());
    },
  );

  test.each([
    { given: "two scopes", changes: { scope: `${VAULT}/.default https://other.svc/.default` }, error: "invalid_scope" },
    { given: "a scope that is no /.default", changes: { scope: `${VAULT}/read` }, error: "invalid_scope" },
    { given: "no resource in the scope", changes: { scope: "/.default" }, error: "invalid_scope" },
    { given: "no scope", changes: { scope: "" }, error: "invalid_request" },
    { given: "no client id", changes: { client_id: "" }, error: "invalid_request" },
    { given: "a secret instead of an assertion", changes: { client_assertion_type: "" }, error: "invalid_request" },
    {
      given: "another's client id",
      changes: { client_id: "0b6e0000-0000-5000-8000-000000000000" },
      error: "invalid_request",
    },
    { given: "another grant", changes: { grant_type: "password" }, error: "unsupported_grant_type" },
    { given: "no grant", changes: { grant_type: "" }, error: "invalid_request" },
  ])("$given: $error", async ({ changes, error }) => {
    const it = await shop();
    expect(await outcome(await it.post("/oauth2/token", assertion(it, changes)))).toMatchObject({ status: 400, error });
  });
});

describe("discovery", () => {
  test("the tenant's document has what SDKs need, on the same origin, and names the issuer that tokens carry", async () => {
    const it = await shop();
    const tenant = await it.world.tenantId();
    const document = await jsonBody(it.get(`/${tenant.toUpperCase()}/v2.0/.well-known/openid-configuration`));
    expect(document).toMatchObject({
      issuer: it.url,
      authorization_endpoint: `${it.url}/${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${it.url}/${tenant}/oauth2/v2.0/token`,
      jwks_uri: `${it.url}/keys`,
    });
  });

  test("another tenant has none", async () => {
    const it = await shop();
    expect((await it.get("/common/v2.0/.well-known/openid-configuration")).status).toBe(400);
  });

  test.each(["/.well-known/openid-configuration", "/keys"])(
    "%s is cacheable, and not sent again to who has it",
    async (path) => {
      const it = await shop();
      const reply = await it.get(path);
      expect(reply.headers.get("cache-control")).toBe("public, max-age=300");
      const etag = reply.headers.get("etag") ?? "";
      const again = await it.get(path, { headers: { "if-none-match": etag } });
      expect(again.status).toBe(304);
      expect((await it.get(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    },
  );

  test("the published keys hold public members only", async () => {
    const it = await shop();
    const { keys } = await jsonBody(it.get("/keys"));
    expect(keys.map((key: object) => Object.keys(key).sort())).toEqual([
      ["alg", "e", "kid", "kty", "n", "use"],
      ["alg", "crv", "kid", "kty", "use", "x", "y"],
    ]);
  });
});
