import { describe, expect, test } from "vitest";
import { appService, IDENTITY_HEADER, imds, METADATA, RESOURCE, testEndpoint } from "./endpoint.ts";
import { CLIENT_ID, refusing, TRACE_ID, throttling, unavailable } from "./fake-issuer.ts";

/** The cases that real clients made necessary, by the number that the design's protocol notes give them. */
describe("what real clients need", () => {
  test.each([
    ["1 JavaScript ends the path with a slash", imds().replace("token?", "token/?")],
    ["2 JavaScript joins host and path with two slashes", `/${imds().replace("token?", "token/?")}`],
    ["3 Java joins host and path with two slashes", `/${imds()}`],
    ["4 Java names a resource id mi_res_id on IMDS", imds(`resource=${RESOURCE}&mi_res_id=/namespaces/a/b`)],
    ["IMDS newer api-version", imds().replace("2018-02-01", "2025-04-07")],
    [
      "IMDS unknown variables are ignored",
      imds(`resource=${RESOURCE}&token_sha256_to_refresh=ab&xms_cc=cp1&authority=x`),
    ],
    ["IMDS bypass_cache", imds(`resource=${RESOURCE}&bypass_cache=true`)],
  ])("%s", async (_name, url) => {
    const reply = await testEndpoint().get(url, METADATA);
    expect(reply).toMatchObject({ status: 200, body: { access_token: "token-1" } });
  });

  test.each(["true", "True", "TRUE"])("Metadata: %s is accepted", async (value) => {
    expect((await testEndpoint().get(imds(), { Metadata: value })).status).toBe(200);
  });

  test("6 App Service mode needs the header alone", async () => {
    expect((await testEndpoint().get(appService(), IDENTITY_HEADER)).status).toBe(200);
  });

  test("an endpoint URL that already has a query keeps working", async () => {
    const url = `/msi/token?from=env&api-version=2019-08-01&resource=${RESOURCE}`;
    expect((await testEndpoint().get(url, IDENTITY_HEADER)).status).toBe(200);
  });

  test("MSAL Python adds Metadata: true in App Service mode", async () => {
    expect((await testEndpoint().get(appService(), { ...IDENTITY_HEADER, ...METADATA })).status).toBe(200);
  });

  test.each([
    ["7 JavaScript probes without header and query", "/metadata/identity/oauth2/token"],
    ["7 … also with a trailing slash", "/metadata/identity/oauth2/token/"],
    ["8 Python probes with query and without header", imds()],
  ])("%s: 400 JSON at once, and the issuer is not asked", async (_name, url) => {
    const { get, issuer } = testEndpoint();
    const reply = await get(url);
    expect(reply).toMatchObject({
      status: 400,
      body: { error: "bad_request_102", error_description: "Required metadata header not specified" },
    });
    expect(issuer.calls).toBe(0);
  });

  test("9 .NET's probe: a 400 whose body does not say Identity not found", async () => {
    const reply = await testEndpoint().get(imds());
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain("Identity not found");
  });

  test.each([METADATA, {}])("11 getplatformmetadata is 404, with headers %j", async (headers) => {
    const reply = await testEndpoint().get("/metadata/identity/getplatformmetadata?cred-api-version=2.0", headers);
    expect(reply.status).toBe(404);
  });

  test("/metadata/instance does not describe a machine", async () => {
    expect((await testEndpoint().get("/metadata/instance?api-version=2021-02-01", METADATA)).status).toBe(404);
  });

  test.each([
    ["IMDS", imds(), METADATA],
    ["App Service", appService(), IDENTITY_HEADER],
  ])("12–17 the golden reply of %s: members, their order, all strings", async (_name, url, headers) => {
    const { get, clock } = testEndpoint();
    const now = Math.floor(clock.now() / 1000);
    const reply = await get(url, headers);
    expect(Object.entries(reply.body)).toEqual([
      ["access_token", "token-1"],
      ["refresh_token", ""],
      ["expires_in", "3600"],
      ["expires_on", String(now + 3600)],
      ["not_before", String(now)],
      ["resource", RESOURCE],
      ["token_type", "Bearer"],
      ["client_id", CLIENT_ID],
    ]);
  });

  test("13 JavaScript: a second request within the token's life is served from memory", async () => {
    const { get, issuer } = testEndpoint();
    await get(imds(), METADATA);
    await get(imds(), METADATA);
    expect(issuer.calls).toBe(1);
  });

  test.each(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])(
    "18 %s of a path that nobody serves: 404 JSON",
    async (method) => {
      const reply = await testEndpoint().send(method, "/nowhere");
      expect(reply).toMatchObject({ status: 404, body: { error: "not_found" } });
      expect(reply.headers.get("content-type")).toBe("application/json");
    },
  );

  test.each([
    ["IMDS", imds(), METADATA],
    ["App Service", appService(), IDENTITY_HEADER],
    ["plain", "/token?audience=a", METADATA],
  ])("18 only GET: %s answers others with 405 JSON", async (_name, url, headers) => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) {
      const reply = await testEndpoint().send(method, url, headers);
      expect(reply.status).toBe(405);
      expect(reply.headers.get("allow")).toBe("GET");
    }
  });

  test("19 a 429 of the issuer carries its Retry-After on", async () => {
    const { get, issuer } = testEndpoint();
    issuer.answers(throttling(17));
    const reply = await get(imds(), METADATA);
    expect(reply.status).toBe(429);
    expect(reply.headers.get("retry-after")).toBe("17");
  });

  test("20 MSAL Python replays an error for its Retry-After, 5 s when there is none: an outage names 2 s", async () => {
    const { get, issuer } = testEndpoint();
    issuer.answers(unavailable);
    const reply = await get(imds(), METADATA);
    expect(reply).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    expect(reply.headers.get("retry-after")).toBe("2");
  });

  test("21 an unknown or missing identity is a 400, with the issuer's words and trace id", async () => {
    const { get, issuer } = testEndpoint();
    issuer.answers(
      refusing({ status: 400, error: "invalid_request", code: "IdentityNotFound", sentence: "Identity not found: …" }),
    );
    const expected = {
      error: "invalid_request",
      error_description: "Identity not found: …",
      error_code: "IdentityNotFound",
    };
    expect(await get(imds(`resource=${RESOURCE}&client_id=${CLIENT_ID}`), METADATA)).toMatchObject({
      status: 400,
      body: { ...expected, trace_id: TRACE_ID },
    });
    expect(await get(appService(), IDENTITY_HEADER)).toMatchObject({
      status: 400,
      body: { statusCode: 400, message: "Identity not found: …", correlationId: TRACE_ID },
    });
  });

  test("an audience that nobody registered is the cloud's invalid_resource", async () => {
    const { get, issuer } = testEndpoint();
    issuer.answers(refusing({ status: 400, error: "invalid_target", code: "AudienceNotRegistered" }));
    expect((await get(imds(), METADATA)).body).toMatchObject({ error: "invalid_resource" });
    expect((await get("/token?audience=a", METADATA)).body).toMatchObject({ error: "invalid_target" });
  });

  test.each([
    ["client_id", "clientId", imds, METADATA],
    ["object_id", "objectId", imds, METADATA],
    ["msi_res_id", "resourceId", imds, METADATA],
    ["client_id", "clientId", appService, IDENTITY_HEADER],
    ["object_id", "objectId", appService, IDENTITY_HEADER],
    ["principal_id", "objectId", appService, IDENTITY_HEADER],
    ["mi_res_id", "resourceId", appService, IDENTITY_HEADER],
  ])("24 %s names an identity by its %s", async (name, by, url, headers) => {
    const { get, issuer } = testEndpoint();
    await get(url(`resource=a&${name}=%2Fx%2Fy`), headers);
    expect(issuer.asked).toMatchObject([{ audience: "a", selector: { by, value: "/x/y" } }]);
  });

  test.each([
    ["raw", "https://vault.azure.net"],
    ["escaped", "https%3A%2F%2Fvault.azure.net"],
  ])("25 a resource may come %s; the token's audience is what was meant", async (_name, resource) => {
    const { get, issuer } = testEndpoint();
    expect((await get(imds(`resource=${resource}`), METADATA)).body.resource).toBe("https://vault.azure.net");
    expect(issuer.asked).toMatchObject([{ audience: "https://vault.azure.net" }]);
  });

  test("25 a resource with a trailing slash is another token", async () => {
    const { get, issuer } = testEndpoint();
    const [without, withSlash] = [
      await get(imds("resource=https://a"), METADATA),
      await get(imds("resource=https://a/"), METADATA),
    ];
    expect(withSlash.body.access_token).not.toBe(without.body.access_token);
    expect(withSlash.body.resource).toBe("https://a/");
    expect(issuer.asked.map(({ audience }) => audience)).toEqual(["https://a", "https://a/"]);
  });
});

describe("what a virtual machine's endpoint says of itself", () => {
  const url = "/metadata/identity/info?api-version=2018-02-01";
  test("the tenant, when it is known", async () => {
    expect((await testEndpoint({ tenantId: "91aa" }).get(url, METADATA)).body).toEqual({ tenantId: "91aa" });
  });
  test("404 when it is not", async () => expect((await testEndpoint().get(url, METADATA)).status).toBe(404));
  test("nothing without the header", async () => {
    expect((await testEndpoint({ tenantId: "91aa" }).get(url)).status).toBe(400);
  });
});
