import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { secrets } from "../../kube/cluster-kinds.ts";
import { attacked, outcome } from "./attacked.ts";
import { OTHER_HOST, type Sent } from "./vault-world.ts";

describe("requests", () => {
  const requests: { what: string; line?: string; sent?: Sent; expected: string }[] = [
    { what: "a good one, for comparison", expected: "200 answered" },
    { what: "a path that climbs", line: "GET /secrets/x/../db-password", expected: "404 RouteNotFound" },
    { what: "an encoded path that climbs", line: "GET /secrets/%2e%2e%2fdb-password", expected: "400 BadParameter" },
    { what: "an encoded letter", line: "GET /secrets/db%2Dpassword", expected: "400 BadParameter" },
    { what: "an encoded slash", line: "GET /secrets/db-password%2f", expected: "400 BadParameter" },
    { what: "a doubled slash", line: "GET //secrets/db-password", expected: "404 RouteNotFound" },
    { what: "a NUL", line: "GET /secrets/db-password%00", expected: "400 BadParameter" },
    { what: "a look-alike", line: "GET /secrets/db-p%D0%B0ssword", expected: "400 BadParameter" },
    { what: "a semicolon", line: "GET /secrets/db-password;x", expected: "400 BadParameter" },
    { what: "a name of 128 characters", line: `GET /secrets/${"a".repeat(128)}`, expected: "400 BadParameter" },
    { what: "a hyphen at the end", line: "GET /secrets/db-password-", expected: "400 BadParameter" },
    { what: "a version of another form", line: "GET /secrets/db-password/latest", expected: "400 BadParameter" },
    {
      what: "an absolute URL",
      line: "GET http://x/secrets/db-password?api-version=7.6",
      expected: "404 RouteNotFound",
    },
    { what: "a method of another path", line: "POST /secrets/db-password", expected: "405 MethodNotAllowed" },
    { what: "a method that writes to lists", line: "PUT /secrets", expected: "405 MethodNotAllowed" },
    { what: "a name of JavaScript for a method", line: "TRACE /secrets", expected: "405 MethodNotAllowed" },
    { what: "no api-version", line: "GET /secrets?x=1", expected: "400 BadParameter" },
    { what: "an api-version of nobody", line: "GET /secrets?api-version=9.9", expected: "400 BadParameter" },
    { what: "two api-versions", line: "GET /secrets?api-version=7.6&api-version=7.5", expected: "400 BadParameter" },
    { what: "too large a page", line: "GET /secrets?api-version=7.6&maxresults=26", expected: "400 BadParameter" },
    { what: "a page of nothing", line: "GET /secrets?api-version=7.6&maxresults=0", expected: "400 BadParameter" },
    {
      what: "a link of its own making",
      line: "GET /secrets?api-version=7.6&$skiptoken=Li4v",
      expected: "400 BadParameter",
    },
    { what: "the host of no vault", sent: { host: "queue.payments.svc" }, expected: "404 VaultNotFound" },
    {
      what: "a host that is no name",
      sent: { host: "payments-vault.payments.svc/../x" },
      expected: "404 VaultNotFound",
    },
    { what: "the host of another vault", sent: { host: OTHER_HOST }, expected: "401 Unauthorized" },
    {
      what: "a forwarded host, which is nobody's word here",
      sent: { headers: ["x-forwarded-host", OTHER_HOST, "forwarded", `host=${OTHER_HOST}`] },
      expected: "200 answered",
    },
    { what: "a method in a header", sent: { headers: ["x-http-method-override", "DELETE"] }, expected: "200 answered" },
    {
      what: "two Authorization headers",
      sent: { headers: ["authorization", "Bearer x"] },
      expected: "401 Unauthorized",
    },
  ];

  test("each gets the answer that it should", async () => {
    const it = await attacked();
    const answers: Record<string, string> = {};
    for (const { what, line = "GET /secrets/db-password", sent = {} } of requests) {
      answers[what] = outcome(await it.ask(line, { token: it.admin, ...sent }));
    }
    expect(answers).toEqual(Object.fromEntries(requests.map(({ what, expected }) => [what, expected])));
  });

  const bodies: { what: string; body: string; expected: string }[] = [
    { what: "none", body: "", expected: "400 BadParameter" },
    { what: "not JSON", body: "{", expected: "400 BadParameter" },
    { what: "a list", body: "[]", expected: "400 BadParameter" },
    { what: "no value", body: "{}", expected: "400 BadParameter" },
    { what: "a value that is no text", body: '{"value":{"a":1}}', expected: "400 BadParameter" },
    { what: "half a character", body: '{"value":"\\ud800"}', expected: "400 BadParameter" },
    { what: "a value too long", body: JSON.stringify({ value: "é".repeat(12_801) }), expected: "400 BadParameter" },
    {
      what: "a value as long as may be",
      body: JSON.stringify({ value: "\u0001".repeat(25_600) }),
      expected: "200 answered",
    },
    { what: "more than any value needs", body: `{"value":"${"x".repeat(200_000)}"}`, expected: "413 RequestTooLarge" },
    {
      what: "a bomb of depth",
      body: `{"value":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      expected: "413 RequestTooLarge",
    },
    {
      what: "a smaller bomb",
      body: `{"value":${"[".repeat(60_000)}${"]".repeat(60_000)}}`,
      expected: "400 BadParameter",
    },
    { what: "a prototype", body: '{"__proto__":{"value":"x"}}', expected: "400 BadParameter" },
    { what: "sixteen tags", body: tagged(16, "x"), expected: "400 BadParameter" },
    { what: "tags that are long together", body: tagged(15, "x".repeat(512)), expected: "200 answered" },
    { what: "tags of long characters", body: tagged(15, "\u{1F511}".repeat(256)), expected: "400 BadParameter" },
    { what: "a time before time", body: '{"value":"x","attributes":{"exp":-1}}', expected: "400 BadParameter" },
    { what: "a time after time", body: '{"value":"x","attributes":{"exp":1e300}}', expected: "400 BadParameter" },
  ];

  test("each body gets the answer that it should", async () => {
    const it = await attacked();
    const answers: Record<string, string> = {};
    for (const { what, body } of bodies) {
      answers[what] = outcome(await it.ask("PUT /secrets/key", { token: it.admin, body }));
    }
    expect(answers).toEqual(Object.fromEntries(bodies.map(({ what, expected }) => [what, expected])));
  });

  test("a secret of the most and the largest versions fits into one object of Kubernetes", async () => {
    const it = await attacked();
    const body = {
      value: "\u00e9".repeat(12_800),
      contentType: "x".repeat(255),
      tags: JSON.parse(tagged(15, "x".repeat(500))).tags,
    };
    for (let n = 0; n < 26; n++) expect((await it.ask("PUT /secrets/key", { token: it.admin, body })).status).toBe(200);
    const { items } = await it.world.api.list(secrets);
    const sizes = items.map(({ data = {} }) =>
      Object.values(data).reduce((sum, value) => sum + (value.length * 3) / 4, 0),
    );
    expect(Math.max(...sizes)).toBeLessThan(1_048_576);
    expect(Math.max(...sizes)).toBeGreaterThan(600_000);
  });

  test("a body that does not come is not waited for", async () => {
    const it = await attacked();
    const socket = connect(it.vaultPort, "127.0.0.1");
    const head = [
      "PUT /secrets/key?api-version=7.6 HTTP/1.1",
      "Host: payments-vault.payments.svc",
      "Content-Length: 100",
    ];
    socket.write(`${head.join("\r\n")}\r\nAuthorization: Bearer ${it.admin}\r\n\r\n{"value":`);
    const replied = new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
    const before = it.world.clock.pending;
    while (it.world.clock.pending === before) await new Promise((resolve) => setImmediate(resolve));
    await it.world.clock.advance(10_000);
    expect(await replied).toMatch(/^HTTP\/1\.1 408 .*"code":"RequestTimeout"/s);
    socket.destroy();
  });
});

function tagged(count: number, value: string): string {
  const tags = Object.fromEntries(Array.from({ length: count }, (_, number) => [`tag-${number}`, value]));
  return JSON.stringify({ value: "x", tags });
}
