import { describe, expect, test } from "vitest";
import {
  appService,
  HEADER,
  IDENTITY_HEADER,
  imds,
  METADATA,
  RESOURCE,
  type TestEndpoint,
  testEndpoint,
} from "./endpoint.ts";
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
    ["X-Forwarded-For", imds(), { ...METADATA, "X-Forwarded-For": "10.0.0.1" }],
    ["X-Forwarded-For, empty", imds(), { ...METADATA, "X-Forwarded-For": "" }],
    ["Forwarded", imds(), { ...METADATA, Forwarded: "for=10.0.0.1" }],
    ["X-Forwarded-For, App Service", appService(), { ...IDENTITY_HEADER, "X-Forwarded-For": "10.0.0.1" }],
    ["X-Forwarded-For, plain", "/token?audience=a", { ...METADATA, "X-Forwarded-For": "10.0.0.1" }],
    ["no Metadata", imds(), {}],
    ["Metadata: false", imds(), { Metadata: "false" }],
    ["Metadata twice", imds(), { Metadata: "true, true" }],
    ["resource twice", imds(`resource=a&resource=b`), METADATA],
    ["an unknown variable twice", imds(`resource=a&x=1&x=1`), METADATA],
    ["resource twice, once escaped", imds(`resource=a&%72esource=b`), METADATA],
    ["client_id and object_id", imds("resource=a&client_id=1&object_id=2"), METADATA],
    ["client_id and msi_res_id", imds("resource=a&client_id=1&msi_res_id=2"), METADATA],
    ["msi_res_id and mi_res_id", imds("resource=a&msi_res_id=1&mi_res_id=2"), METADATA],
    ["object_id and principal_id, App Service", appService("resource=a&object_id=1&principal_id=2"), IDENTITY_HEADER],
    ["an empty client_id", imds("resource=a&client_id="), METADATA],
    ["an empty resource", imds("resource="), METADATA],
    ["malformed escapes", imds("resource=%zz"), METADATA],
    ["escapes that are not UTF-8", imds("resource=%ff"), METADATA],
    ["a resource over 1 KiB", imds(`resource=${"a".repeat(1025)}`), METADATA],
    ["a client id over 1 KiB", imds(`resource=a&client_id=${"a".repeat(1025)}`), METADATA],
    ["no api-version, App Service", `/msi/token?resource=a`, IDENTITY_HEADER],
    ["the older api-version, App Service", `/msi/token?api-version=2017-09-01&resource=a`, IDENTITY_HEADER],
  ])("22 refused with 400, without asking the issuer: %s", async (_name, url, headers) => {
    const { get, issuer } = testEndpoint();
    expect((await get(url, headers)).status).toBe(400);
    expect(issuer.calls).toBe(0);
  });

  test("22 a missing resource, in the cloud's words", async () => {
    const { body } = await testEndpoint().get(imds(""), METADATA);
    expect(body).toMatchObject({
      error: "invalid_request",
      error_description: "Required query variable 'resource' is missing",
    });
  });

  test.each(["", "&api-version=", "&api-version=2017-01-01", "&api-version=latest"])(
    "a bad api-version %j: the cloud's body",
    async (version) => {
      const reply = await testEndpoint().get(`/metadata/identity/oauth2/token?resource=a${version}`, METADATA);
      expect(reply.status).toBe(400);
      expect(reply.body).toEqual({
        error:
          "Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds",
        "newest-versions": ["2025-04-07", "2023-11-15", "2023-07-01"],
      });
    },
  );

  test.each([
    ["wrong", { "X-IDENTITY-HEADER": `${HEADER.slice(0, -1)}X` }],
    ["shorter", { "X-IDENTITY-HEADER": HEADER.slice(0, -1) }],
    ["longer", { "X-IDENTITY-HEADER": `${HEADER}X` }],
    ["empty", { "X-IDENTITY-HEADER": "" }],
    ["missing", {}],
    ["missing, with Metadata: true", METADATA],
    ["twice", { "X-IDENTITY-HEADER": `${HEADER}, ${HEADER}` }],
  ])("24 X-IDENTITY-HEADER %s: a 401 that no client retries, in App Service's shape", async (_name, headers) => {
    const { get, issuer } = testEndpoint();
    const reply = await get(appService(), headers);
    expect(reply).toMatchObject({ status: 401, body: { statusCode: 401, correlationId: expect.stringMatching(/./) } });
    expect(reply.headers.has("retry-after")).toBe(false);
    expect(issuer.calls).toBe(0);
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
    await get(url(`resource=a&${name}=%2Fx%20y`), headers);
    expect(issuer.asked).toMatchObject([{ audience: "a", selector: { by, value: "/x y" } }]);
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

describe("the plain dialect", () => {
  const url = "/token?audience=https://orders.shop.svc";
  test.each([
    ["Metadata: true", METADATA],
    ["the endpoint header", IDENTITY_HEADER],
  ])("opens with %s", async (_name, headers) => {
    const reply = await testEndpoint().get(url, headers);
    expect(reply.body).toMatchObject({
      access_token: "token-1",
      token_type: "Bearer",
      expires_in: 3600,
      client_id: CLIENT_ID,
    });
  });
  test.each([
    ["no header", {}, 400],
    ["a wrong endpoint header", { "X-IDENTITY-HEADER": "x" }, 401],
    ["a wrong endpoint header, which Metadata: true does not heal", { ...METADATA, "X-IDENTITY-HEADER": "x" }, 401],
  ])("stays shut with %s", async (_name, headers, status) => {
    expect((await testEndpoint().get(url, headers)).status).toBe(status);
  });
  test("needs an audience", async () => {
    const reply = await testEndpoint().get("/token", METADATA);
    expect(reply).toMatchObject({
      status: 400,
      body: { error_description: "Required query variable 'audience' is missing" },
    });
  });
});

describe("every reply", () => {
  const all: readonly [string, (endpoint: TestEndpoint) => Promise<{ headers: Headers }>][] = [
    ["a token", ({ get }) => get(imds(), METADATA)],
    ["a refusal", ({ get }) => get(imds())],
    ["not found", ({ get }) => get("/")],
  ];
  test.each(all)("%s is JSON and may not be stored", async (_name, ask) => {
    const { headers } = await ask(testEndpoint());
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("a URL over 8 KiB is refused in the dialect's shape", async () => {
    const reply = await testEndpoint().get(appService(`resource=a&x=${"y".repeat(8192)}`), IDENTITY_HEADER);
    expect(reply).toMatchObject({ status: 414, body: { statusCode: 414 } });
  });

  test("a dialect that is not enabled is not there", async () => {
    expect((await testEndpoint({ dialects: [] }).get(imds(), METADATA)).status).toBe(404);
  });

  test("who watches refusals learns dialect, reason, trace id and audience", async () => {
    const { get, issuer, refused } = testEndpoint();
    issuer.answers(refusing());
    await get(imds(), METADATA);
    expect(refused).toMatchObject([
      { dialect: "azure-imds", audience: RESOURCE, traceId: TRACE_ID, refusal: { code: "RoleAssignmentRequired" } },
    ]);
  });

  test("a failure inside becomes a 500 that says nothing of it", async () => {
    const broken = testEndpoint({
      newTraceId: () => "t",
      onRefusal: () => {
        throw new Error("inside");
      },
    });
    const reply = await broken.get("/");
    expect(reply).toMatchObject({ status: 500, body: { error: "unknown" } });
    expect(reply.text).not.toContain("inside");
  });
});
