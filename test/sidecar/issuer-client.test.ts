import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createIssuerClient } from "../../sidecar/issuer-client.ts";
import { tokenQuery } from "../../sidecar/token.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const query = tokenQuery("https://vault/?a=b&c", { by: "default" });
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Received {
  readonly url: string;
  readonly method: string;
  readonly form: Record<string, string>;
}

/** An HTTP server that records token requests and answers as told. */
async function startServer(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const form = Object.fromEntries(new URLSearchParams(body));
    received.push({ url: request.url ?? "", method: request.method ?? "", form });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received };
}

const token = JSON.stringify({ access_token: "a.b.c", token_type: "Bearer", expires_in: 3600, client_id: "0b6e" });
const readSubjectToken = async () => "subject\n";

describe("createIssuerClient", () => {
  test("exchanges the pod's token, trimmed (RFC 8693 §2.1)", async () => {
    const { url, received } = await startServer((response) => response.end(token));
    const reply = await createIssuerClient({ url: `${url}/`, readSubjectToken }).requestToken(query);
    expect(reply).toMatchObject({ kind: "token", jwt: "a.b.c" });
    expect(received).toEqual([
      {
        url: "/oauth2/token",
        method: "POST",
        form: {
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          subject_token: "subject",
          subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
          audience: "https://vault/?a=b&c",
        },
      },
    ]);
  });

  test.each([
    ["clientId", "client_id"],
    ["objectId", "object_id"],
    ["resourceId", "resource_id"],
  ] as const)("names the identity by %s", async (by, name) => {
    const { url, received } = await startServer((response) => response.end(token));
    await createIssuerClient({ url, readSubjectToken }).requestToken(tokenQuery("a", { by, value: "/x&y" }));
    expect(received[0]?.form).toMatchObject({ [name]: "/x&y" });
  });

  test("reads the pod's token anew for each request", async () => {
    const { url, received } = await startServer((response) => response.end(token));
    const subjects = ["first", "second"];
    const client = createIssuerClient({ url, readSubjectToken: async () => subjects.shift() ?? "" });
    await client.requestToken(query);
    await client.requestToken(query);
    expect(received.map(({ form }) => form.subject_token)).toEqual(["first", "second"]);
  });

  test("never follows a redirect: the pod's token goes nowhere else", async () => {
    const elsewhere = await startServer((response) => response.end(token));
    const { url } = await startServer((response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect((await createIssuerClient({ url, readSubjectToken }).requestToken(query)).kind).toBe("unavailable");
    expect(elsewhere.received).toEqual([]);
  });

  test("reads no more than 64 KiB of a reply", async () => {
    const { url } = await startServer((response) => response.end(token.padEnd(64 * 1024 + 1)));
    expect(await createIssuerClient({ url, readSubjectToken }).requestToken(query)).toMatchObject({
      kind: "unavailable",
      detail: "the reply is too long",
    });
  });

  test.each([
    ["the connection is cut", (response: ServerResponse) => response.destroy()],
    [
      "the reply is cut",
      (response: ServerResponse) =>
        response.writeHead(200, { "content-length": 500 }).write("{", () => response.destroy()),
    ],
  ])("%s: no decision", async (_name, answer) => {
    const { url } = await startServer(answer);
    expect((await createIssuerClient({ url, readSubjectToken }).requestToken(query)).kind).toBe("unavailable");
  });

  test("the pod's token cannot be read: no decision", async () => {
    const client = createIssuerClient({
      url: "http://127.0.0.1:1",
      readSubjectToken: () => Promise.reject(new Error("no such file")),
    });
    expect(await client.requestToken(query)).toEqual({ kind: "unavailable", detail: "no such file" });
  });

  test("gives up after its time, and leaves no timer when all is well", async () => {
    const clock = new FakeClock();
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const reply = createIssuerClient({ url: "http://issuer", readSubjectToken, fetch: hanging, clock }).requestToken(
      query,
    );
    await clock.advance(9_999);
    expect(await Promise.race([reply, settle()])).toBeUndefined();
    await clock.advance(1);
    expect(await reply).toEqual({ kind: "unavailable", detail: "the issuer took too long" });

    const answering: typeof fetch = async () => new Response(token);
    await createIssuerClient({ url: "http://issuer", readSubjectToken, fetch: answering, clock }).requestToken(query);
    expect(clock.pending).toBe(0);
  });
});

describe("an issuer that restarts", () => {
  test("costs no request: what a connection that ended was asked is asked again on a new one", async () => {
    let requests = 0;
    const { url } = await startServer((response) => {
      requests += 1;
      if (requests === 1) response.destroy();
      else response.end(token);
    });
    expect((await createIssuerClient({ url, readSubjectToken }).requestToken(query)).kind).toBe("token");
  });

  test("and is gone is asked no third time", async () => {
    let calls = 0;
    const refusing: typeof fetch = async () => {
      calls += 1;
      throw new Error("connection refused");
    };
    const client = createIssuerClient({ url: "http://issuer", readSubjectToken, fetch: refusing });
    expect([await client.requestToken(query), calls]).toEqual([
      { kind: "unavailable", detail: "connection refused" },
      2,
    ]);
  });
});

describe("checkIdentities", () => {
  test("asks as the pod", async () => {
    let authorization: string | undefined;
    const { url, received } = await startServer((response, request) => {
      authorization = request.headers.authorization;
      response.end('{"identities":[{"client_id":"0b6e","default":true}]}');
    });
    expect(await createIssuerClient({ url, readSubjectToken }).checkIdentities()).toEqual({ kind: "confirmed" });
    expect(received).toEqual([{ url: "/identities", method: "GET", form: {} }]);
    expect(authorization).toBe("Bearer subject");
  });

  test("says what went wrong on the way, such as a trust bundle that is missing", async () => {
    const distrusting: typeof fetch = async () => {
      throw new Error("the trust bundle is missing");
    };
    const client = createIssuerClient({ url: "https://issuer", readSubjectToken, fetch: distrusting });
    expect(await client.checkIdentities()).toEqual({ kind: "unavailable", detail: "the trust bundle is missing" });
  });
});

describe("confirmToken", () => {
  test("introspects the token, as the pod (RFC 7662 §2.1)", async () => {
    let authorization: string | undefined;
    const { url, received } = await startServer((response, request) => {
      authorization = request.headers.authorization;
      response.end('{"active":true}');
    });
    expect(await createIssuerClient({ url, readSubjectToken }).confirmToken("a.e30.c")).toBe("unchanged");
    expect(received).toEqual([{ url: "/introspect", method: "POST", form: { token: "a.e30.c" } }]);
    expect(authorization).toBe("Bearer subject");
  });

  test("knows nothing when the issuer cannot be reached, or takes more than a second", async () => {
    const clock = new FakeClock();
    const hanging = (_url: unknown, { signal }: RequestInit = {}) =>
      new Promise<Response>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const confirmation = createIssuerClient({
      url: "http://issuer",
      readSubjectToken,
      fetch: hanging,
      clock,
    }).confirmToken("a");
    await settle();
    await clock.advance(1000);
    expect(await confirmation).toBe("unknown");
    expect(clock.pending).toBe(0);
  });
});
