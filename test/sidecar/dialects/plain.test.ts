import { describe, expect, test } from "vitest";
import { IDENTITY_HEADER, METADATA, testEndpoint } from "../endpoint.ts";
import { CLIENT_ID } from "../fake-issuer.ts";

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
