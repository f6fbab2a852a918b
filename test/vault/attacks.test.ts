import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { secrets } from "../../kube/cluster-kinds.ts";
import { managedIdentities, pods } from "../../kube/kinds.ts";
import { defaultRateLimits } from "../../vault/settings.ts";
import { OTHER_HOST, type Received, type Sent, VAULT_AUDIENCE, type VaultWorld, vaultWorld } from "./vault-world.ts";

const outcome = ({ status, body }: Received): string => `${status} ${body.error?.code ?? "answered"}`;

/** A vault with one secret in it, and a token of somebody who may do everything. */
async function attacked(): Promise<VaultWorld & { readonly admin: string }> {
  const it = await vaultWorld();
  const admin = await it.tokenOf("payments/admin");
  await it.ask("PUT /secrets/db-password", { token: admin, body: { value: "hunter2" } });
  return { ...it, admin };
}

describe("tokens", () => {
  const tokens: { what: string; make: (it: VaultWorld & { admin: string }) => Promise<string> }[] = [
    { what: "for another audience", make: (it) => it.tokenOf("payments/admin", "https://queue.payments.svc") },
    { what: "for another vault", make: (it) => it.tokenOf("payments/admin", `https://${OTHER_HOST}`) },
    { what: "whose signature is changed", make: async (it) => `${it.admin.slice(0, -6)}AAAAAA` },
    { what: "without a signature", make: async (it) => `${it.admin.split(".").slice(0, 2).join(".")}.` },
    { what: "that is no token", make: async () => "hunter2" },
    {
      what: "of a pod that is gone",
      make: async (it) => {
        await it.world.delete(pods, "payments/admin-1");
        return it.admin;
      },
    },
    {
      what: "of an identity that is disabled",
      make: async (it) => {
        const spec = { subjects: [{ serviceAccount: "admin" }], disabled: true };
        await it.world.update(managedIdentities, "payments/admin", spec);
        return it.admin;
      },
    },
    {
      what: "that has expired",
      make: async (it) => {
        await it.world.clock.advance(25 * 3_600_000);
        return it.admin;
      },
    },
  ];

  test.each(tokens)("one $what is refused", async ({ make }) => {
    const it = await attacked();
    const token = await make(it);
    const reply = await it.ask("GET /secrets/db-password", { token });
    expect(outcome(reply)).toBe("401 Unauthorized");
    expect(reply.headers["www-authenticate"]).toContain(VAULT_AUDIENCE);
  });

  test("a resource that claims an audience of an older one takes no tokens for it", async () => {
    const it = await attacked();
    await it.world.clock.advance(1_000);
    await it.world.resource("payments/thief", VAULT_AUDIENCE, { vault: {}, assignmentRequired: false });
    const reply = await it.ask("GET /secrets", { token: it.admin, host: "thief.payments.svc" });
    expect(outcome(reply)).toBe("401 Unauthorized");
  });

  test("the pod's own ServiceAccount token is no access token", async () => {
    const it = await attacked();
    const account = await it.world.serviceAccount("payments/other");
    const pod = await it.world.pod("payments/other-1", { serviceAccount: "other" });
    const token = await it.tokens.mintPodToken(pod, account);
    expect(outcome(await it.ask("GET /secrets/db-password", { token }))).toBe("401 Unauthorized");
  });

  test("an address that sends tokens which are none is held up before the issuer is asked", async () => {
    let asked = 0;
    const standing = async () => {
      asked += 1;
      return { kind: "inactive" } as const;
    };
    const it = await vaultWorld({
      settings: { rateLimits: { ...defaultRateLimits, perAddress: { perSecond: 1, burst: 2 } } },
      authority: { standing, decide: async () => ({ kind: "allowed" }) },
    });
    for (const status of [401, 401, 429]) {
      expect((await it.ask("GET /secrets/key", { token: "any" })).status).toBe(status);
    }
    expect(asked).toBe(2);
  });
});

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
