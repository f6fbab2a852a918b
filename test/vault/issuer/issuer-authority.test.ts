import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { resourceScope } from "../../../identity/scope.ts";
import type { Authority } from "../../../vault/authority.ts";
import { issuerAuthority } from "../../../vault/issuer/issuer-authority.ts";
import { issuerTransport } from "../../../vault/issuer/issuer-transport.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const traceId = "ab".repeat(16);
const caller = { principalId: "p", audience: "https://v", pod: { namespace: "shop", name: "orders-1", uid: "u" } };
const question = {
  ...{ caller, token: "t", traceId },
  action: "secrets/read",
  scope: resourceScope("payments", "payments-vault"),
} as const;

/** An authority whose issuer is this listener. */
async function authorityOf(listener: RequestListener, clock = new FakeClock()): Promise<Authority> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = issuerTransport({ url, readToken: async () => "own-token\n", clock });
  onTestFinished(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  return issuerAuthority(transport);
}

describe("what the vault asks the issuer", () => {
  test("the introspection of a token, by its own token, under the trace id of the request", async () => {
    const asked: { request: IncomingMessage; body: string }[] = [];
    const authority = await authorityOf(async (request, response) => {
      asked.push({ request, body: await text(request) });
      const claims = { active: true, sub: "p", aud: "https://v", azp: "c", xms_mirid: "/namespaces/shop/…" };
      response.end(
        JSON.stringify({ ...claims, "kubernetes.io": { namespace: "shop", pod: { name: "orders-1", uid: "u" } } }),
      );
    });
    expect(await authority.standing("a.b+c", traceId)).toEqual({
      kind: "active",
      caller: { ...caller, identity: "/namespaces/shop/…", clientId: "c" },
    });
    expect(asked[0]?.body).toBe("token=a.b%2Bc");
    expect(asked[0]?.request.headers).toMatchObject({ authorization: "Bearer own-token" });
    expect(asked[0]?.request.headers.traceparent).toContain(traceId);
  });

  test("the decision on one action, with what conditions may ask for", async () => {
    let asked = "";
    const authority = await authorityOf(async (request, response) => {
      asked = await text(request);
      response.end(JSON.stringify({ decision: false, context: { reason_code: "ActionNotGranted", reason: "No." } }));
    });
    expect(await authority.decide(question)).toEqual({ kind: "denied", code: "ActionNotGranted", sentence: "No." });
    expect(JSON.parse(asked)).toEqual({
      subject: { type: "managed_identity", id: "p" },
      action: { name: "secrets/read" },
      resource: { type: "vault", id: "/namespaces/payments/resources/payments-vault" },
      context: { audience: "https://v", pod: { namespace: "shop", name: "orders-1", uid: "u" } },
    });
  });
});

describe("an issuer that does not answer as it should decides nothing", () => {
  const answers: { what: string; answer: RequestListener }[] = [
    { what: "an error", answer: (_, response) => void response.writeHead(500).end("{}") },
    { what: "no JSON", answer: (_, response) => void response.end("yes") },
    { what: "JSON of another form", answer: (_, response) => void response.end('{"decision":"true","active":"true"}') },
    { what: "an empty object", answer: (_, response) => void response.end("{}") },
    { what: "a redirect", answer: (_, response) => void response.writeHead(302, { location: "/" }).end() },
    { what: "a broken connection", answer: (request) => void request.socket.destroy() },
    { what: "more than an answer", answer: (_, response) => void response.end(`{"a":"${"x".repeat(100_000)}"}`) },
  ];

  test.each(answers)("$what", async ({ answer }) => {
    const authority = await authorityOf(answer);
    expect((await authority.standing("t", traceId)).kind).toBe("unavailable");
    expect((await authority.decide(question)).kind).toBe("unavailable");
  });

  test("one that is busy says when to come back", async () => {
    const authority = await authorityOf((_, response) => void response.writeHead(429, { "retry-after": "9" }).end());
    expect(await authority.decide(question)).toMatchObject({ kind: "unavailable", retryAfterSeconds: 9 });
  });

  test("one that is silent is not waited for longer than three seconds", async () => {
    const clock = new FakeClock();
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const authority = await authorityOf(() => resolve(), clock);
    const standing = authority.standing("t", traceId);
    await arrived;
    await clock.advance(3_000);
    expect((await standing).kind).toBe("unavailable");
    expect(clock.pending).toBe(0);
  });
});
