import { STATUS_CODES } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createHandler } from "../../sidecar/handler.ts";
import { type Listener, listen } from "../../sidecar/node-server.ts";
import { HEADER, imds, RESOURCE, readReply } from "./endpoint.ts";
import { FakeIssuer } from "./fake-issuer.ts";

const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

async function start(): Promise<number> {
  const handler = createHandler({ endpointHeader: HEADER, issuer: new FakeIssuer() });
  const listener = await listen(handler.handle, { port: 0 });
  listeners.push({ port: listener.port, close: () => listener.close().finally(handler.stop) });
  return listener.port;
}

/** Sends these bytes and reads all that comes back until the connection ends. */
async function exchange(port: number, bytes: string): Promise<{ status: number; phrase: string; body: unknown }> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  let received = "";
  for await (const chunk of socket) received += chunk;
  const [head = "", body = ""] = received.split("\r\n\r\n", 2);
  const [, status = "", phrase = ""] = /^HTTP\/1\.1 (\d+) (.*)/.exec(head) ?? [];
  return { status: Number(status), phrase, body: JSON.parse(body) };
}

describe("listen", () => {
  test("serves a token over HTTP", async () => {
    const reply = await readReply(
      await fetch(`http://127.0.0.1:${await start()}${imds()}`, { headers: { Metadata: "true" } }),
    );
    expect(reply).toMatchObject({ status: 200, body: { access_token: "token-1", resource: RESOURCE } });
  });

  test("a double slash is a path, not a host", async () => {
    const reply = await fetch(`http://127.0.0.1:${await start()}/${imds()}`, { headers: { Metadata: "true" } });
    expect(reply.status).toBe(200);
  });

  test("a body is ignored and the method refused", async () => {
    const reply = await fetch(`http://127.0.0.1:${await start()}${imds()}`, {
      method: "POST",
      body: "x".repeat(100_000),
    });
    expect((await readReply(reply)).status).toBe(405);
  });

  const get = "GET /token HTTP/1.1\r\n";
  test.each([
    ["no HTTP at all", "hello\r\n\r\n", 400],
    ["a method that nobody knows", "FETCH /token HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a header without a name", `${get}: x\r\n\r\n`, 400],
    ["headers over 16 KiB", `${get}X: ${"x".repeat(17_000)}\r\n\r\n`, 431],
    ["two lengths", `${get}Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ["a length and chunks", `${get}Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ["a header with a blank before its colon", `${get}Host: a\r\nMetadata : true\r\n\r\n`, 400],
    ["TRACE", "TRACE /token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405],
    ["CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405],
    ["no Host header", `${get}Connection: close\r\n\r\n`, 400],
    ["an expectation", `${get}Host: a\r\nExpect: magic\r\nConnection: close\r\n\r\n`, 400],
    ["an absolute URL that is none", "GET http://[ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400],
    ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405],
  ])("%s is answered in JSON, and the server lives", async (_name, bytes, status) => {
    const port = await start();
    const reply = await exchange(port, bytes);
    expect(reply).toMatchObject({ status, body: { error: expect.any(String), error_description: expect.any(String) } });
    expect(reply.phrase).toBe(STATUS_CODES[status]);
    expect((await fetch(`http://127.0.0.1:${port}${imds()}`, { headers: { Metadata: "true" } })).status).toBe(200);
  });

  test("a port in use is an error that the caller gets", async () => {
    const port = await start();
    await expect(listen(() => new Response("{}"), { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
