import { describe, expect, test } from "vitest";
import { appService, HEADER, IDENTITY_HEADER, imds, METADATA, testEndpoint } from "./endpoint.ts";

const TOKEN = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.e30.c2ln";

describe("a request that is refused before anything is asked of the issuer", () => {
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
    ["a resource over 512 characters", imds(`resource=${"a".repeat(513)}`), METADATA],
    ["a client id over 512 characters", imds(`resource=a&client_id=${"a".repeat(513)}`), METADATA],
    ["a resource with a line break", imds("resource=a%0d%0ab"), METADATA],
    ["a resource with a space", imds("resource=a+b"), METADATA],
    ["a client id in other letters that look alike", imds("resource=a&client_id=%D0%B0"), METADATA],
    ["a token in the place of the resource", imds(`resource=${TOKEN}`), METADATA],
    ["a token in the place of the client id", imds(`resource=a&client_id=${TOKEN}`), METADATA],
    ["no api-version, App Service", `/msi/token?resource=a`, IDENTITY_HEADER],
    ["the older api-version, App Service", `/msi/token?api-version=2017-09-01&resource=a`, IDENTITY_HEADER],
  ])("22 refused with 400, without asking the issuer: %s", async (_name, url, headers) => {
    const { get, issuer, refused } = testEndpoint();
    const reply = await get(url, headers);
    expect(reply.status).toBe(400);
    expect(issuer.calls).toBe(0);
    expect(reply.text + JSON.stringify(refused)).not.toContain("eyJ");
  });

  test("a name that is made to look like the rest of a reply stays a string in it, and is cut", async () => {
    const name = `x","access_token":"forged${"x".repeat(500)}`;
    const { body } = await testEndpoint().get(imds(`resource=a&${name}=1&${name}=2`), METADATA);
    expect(Object.keys(body)).toEqual(["error", "error_description", "error_code", "trace_id"]);
    expect(String(body.error_description).length).toBeLessThan(128);
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
});
