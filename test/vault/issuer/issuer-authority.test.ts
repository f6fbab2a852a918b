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
  return issuerAuthority({ transport, issuerUrl: url, clock });
}

/** What looks like an access token, until a key is needed. */
const unsigned = `${Buffer.from('{"alg":"RS256","typ":"at+jwt","kid":"k"}').toString("base64url")}.e30.AA`;

describe("what the vault asks the issuer", () => {
  test("one question for a request, by its own token, under the trace id of the request", async () => {
    const asked: IncomingMessage[] = [];
    const authority = await authorityOf((request, response) => {
      asked.push(request);
      const context = { reason: "r", role: "owner", assignment: "shop/a", token_checked: true };
      response.end(JSON.stringify({ decision: true, context }));
    });
    expect(await authority.decide(question)).toEqual({ kind: "allowed", role: "owner", assignment: "shop/a" });
    expect(asked.map(({ url }) => url)).toEqual(["/access/v1/evaluation"]);
    expect(asked[0]?.headers).toMatchObject({ authorization: "Bearer own-token" });
    expect(asked[0]?.headers.traceparent).toContain(traceId);
  });

  test("a token that does not stand any more is told from a right that is missing", async () => {
    const authority = await authorityOf((_, response) => {
      response.end(JSON.stringify({ decision: false, context: { reason_code: "TokenInactive", reason: "r" } }));
    });
    expect(await authority.decide(question)).toEqual({ kind: "inactive" });
  });

  test("the decision on one action, with what conditions may ask for", async () => {
    let asked = "";
    const authority = await authorityOf(async (request, response) => {
      asked = await text(request);
      response.end(JSON.stringify({ decision: false, context: { reason_code: "ActionNotGranted", reason: "No." } }));
    });
    expect(await authority.decide(question)).toEqual({ kind: "denied", code: "ActionNotGranted", sentence: "No." });
    expect(JSON.parse(asked)).toEqual({
      subject: { type: "managed_identity", id: "p", properties: { access_token: "t" } },
      action: { name: "secrets/read" },
      resource: { type: "vault", id: "/namespaces/payments/resources/payments-vault" },
      context: { audience: "https://v", pod: { namespace: "shop", name: "orders-1", uid: "u" } },
    });
  });
});

describe("an issuer of an earlier version allows an action without checking the token", () => {
  /** Ignores the token in the question: its reply has no `token_checked`. */
  const earlierIssuer = (introspect: RequestListener) =>
    authorityOf((request, response) => {
      if (request.url === "/introspect") return introspect(request, response);
      response.end(JSON.stringify({ decision: true, context: { reason: "r", role: "owner", assignment: "shop/a" } }));
    });

  test("the vault asks /introspect, by its own token, and allows the action if the token is active", async () => {
    let asked: Promise<unknown> | undefined;
    const authority = await earlierIssuer((request, response) => {
      asked = text(request).then((body) => ({ body, authorization: request.headers.authorization }));
      response.end('{"active":true}');
    });
    expect(await authority.decide(question)).toEqual({ kind: "allowed", role: "owner", assignment: "shop/a" });
    expect(await asked).toEqual({ body: "token=t", authorization: "Bearer own-token" });
  });

  test.each<{ what: string; introspect: RequestListener; expected: string }>([
    { what: "revoked", introspect: (_, response) => void response.end('{"active":false}'), expected: "inactive" },
    {
      what: "not introspected",
      introspect: (_, response) => void response.writeHead(500).end(),
      expected: "unavailable",
    },
    { what: "unclear", introspect: (_, response) => void response.end('{"active":"true"}'), expected: "unavailable" },
  ])("a token that is $what opens nothing", async ({ introspect, expected }) => {
    const authority = await earlierIssuer(introspect);
    expect((await authority.decide(question)).kind).toBe(expected);
  });

  test("a marker that is not true does not count", async () => {
    const authority = await authorityOf((request, response) => {
      const checked = { decision: true, context: { token_checked: false } };
      response.end(JSON.stringify(request.url === "/introspect" ? { active: false } : checked));
    });
    expect(await authority.decide(question)).toEqual({ kind: "inactive" });
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
    expect((await authority.verify(unsigned)).kind).toBe("unavailable");
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
    const decision = authority.decide(question);
    await arrived;
    await clock.advance(3_000);
    expect((await decision).kind).toBe("unavailable");
    expect(clock.pending).toBe(0);
  });
});
