import { describe, expect, test } from "vitest";
import { appService, IDENTITY_HEADER, imds, METADATA, testEndpoint } from "./endpoint.ts";

const dialects = [
  ["azure-imds", imds(), METADATA],
  ["azure-app-service", appService(), IDENTITY_HEADER],
  ["plain", "/token?audience=a", METADATA],
] as const;

describe.each(dialects)("%s", (dialect, url, proof) => {
  test.each([
    "127.0.0.1",
    "127.0.0.1:4280",
    "127.8.0.1:80",
    "localhost:4280",
    "LOCALHOST",
    "[::1]:4280",
    "169.254.169.254",
    "169.254.169.254:80",
  ])("serves Host %s", async (host) => {
    expect((await testEndpoint().get(url, { ...proof, host })).status).toBe(200);
  });

  test.each([
    ["a web page whose name leads to 127.0.0.1", "rebind.attacker.example"],
    ["the same with the endpoint's port", "rebind.attacker.example:4280"],
    ["an address as the beginning of a name", "127.0.0.1.attacker.example"],
    ["an address as its end", "attacker.127.0.0.1"],
    ["localhost as the beginning of a name", "localhost.attacker.example"],
    ["an address of the network", "10.244.0.7:4280"],
    ["every address", "0.0.0.0:4280"],
    ["a link-local address that is not the metadata service", "169.254.169.253"],
    ["two hosts", "127.0.0.1, attacker.example"],
    ["a user name", "127.0.0.1@attacker.example"],
    ["a port that is not a number", "127.0.0.1:http"],
    ["nothing", ""],
  ])("refuses the Host of %s", async (_name, host) => {
    const { get, issuer, refused } = testEndpoint();
    const reply = await get(url, { ...proof, host });
    expect(reply.status).toBe(400);
    expect(refused).toMatchObject([{ dialect, refusal: { code: "HostNotLocal" } }]);
    expect(issuer.calls).toBe(0);
  });

  test.each([
    ["RequestFromBrowser", { origin: "http://rebind.attacker.example" }],
    ["RequestFromBrowser", { origin: "null" }],
    ["RequestFromBrowser", { origin: "http://127.0.0.1:4280" }],
    ["RequestFromBrowser", { "sec-fetch-site": "same-origin" }],
    ["RequestFromBrowser", { "sec-fetch-site": "none" }],
    ["RequestFromBrowser", { "sec-fetch-mode": "navigate" }],
    ["RequestFromBrowser", { "sec-fetch-mode": "no-cors" }],
    ["RequestFromBrowser", { "sec-fetch-dest": "iframe" }],
    ["RequestFromBrowser", { "sec-fetch-user": "?1" }],
    ["RequestForwarded", { via: "1.1 proxy" }],
    ["RequestForwarded", { forwarded: "for=10.0.0.1" }],
    ["RequestForwarded", { "x-forwarded-for": "10.0.0.1" }],
    ["RequestForwarded", { "x-forwarded-host": "" }],
    ["RequestForwarded", { "X-Forwarded-Proto": "http" }],
    ["RequestForwarded", { "x-forwarded": "for=10.0.0.1" }],
    ["RequestForwarded", { "x-real-ip": "10.0.0.1" }],
    ["RequestForwarded", { "proxy-connection": "keep-alive" }],
    ["RequestForwarded", { "proxy-authorization": "Basic YTpi" }],
  ])("refuses with %s: %j", async (code, header) => {
    const { get, issuer, refused } = testEndpoint();
    const reply = await get(url, { ...proof, ...header });
    expect(reply.status).toBe(400);
    expect(refused).toMatchObject([{ dialect, refusal: { code } }]);
    expect(issuer.calls).toBe(0);
  });

  test("serves the fetch of Node.js, which sends one header of browsers by itself", async () => {
    const headers = { ...proof, "sec-fetch-mode": "cors", "accept-language": "*", "user-agent": "node" };
    expect((await testEndpoint().get(url, headers)).status).toBe(200);
  });

  test("words the refusal as the dialect does", async () => {
    const { body } = await testEndpoint().get(url, { ...proof, host: "attacker.example" });
    const worded =
      dialect === "azure-app-service" ? { statusCode: 400, code: "HostNotLocal" } : { error: "invalid_request" };
    expect(body).toMatchObject(worded);
  });
});

test("refuses the target of a request that was meant for a proxy", async () => {
  const { handler } = testEndpoint();
  const request = new Request(`http://attacker.example${imds()}`, { headers: { ...METADATA, host: "127.0.0.1" } });
  expect((await handler.handle(request)).status).toBe(400);
});

test("a path that no dialect serves is refused in the same way", async () => {
  const { get, refused } = testEndpoint();
  await get("/metadata/instance", { host: "attacker.example" });
  expect(refused).toMatchObject([{ refusal: { code: "HostNotLocal" } }]);
});
