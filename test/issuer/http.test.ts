import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { httpLimits } from "../../http/limits.ts";
import { createPlainServer } from "../../http/server.ts";
import { createListener } from "../../issuer/http.ts";
import { json } from "../../issuer/http-message.ts";
import { oauthErrorBody } from "../../issuer/oauth-error.ts";
import { FORM, findRoute, type Route } from "../../issuer/routes.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { textLog } from "../support/issuer-world.ts";
import { jsonBody } from "../support/json-body.ts";
import { property } from "../support/property.ts";

const routes: Route[] = [
  { name: "GET /hello", method: "GET", path: "/hello", handle: ({ traceId }) => json(200, { traceId }) },
  { name: "POST /echo", method: "POST", path: "/echo", accepts: FORM, handle: ({ body }) => json(200, { body }) },
  {
    name: "GET /broken",
    method: "GET",
    path: "/broken",
    handle: () => {
      throw new Error("a defect with the secret eyJsecret in it");
    },
  },
];

async function served() {
  const clock = new FakeClock();
  const logged: string[] = [];
  const listener = createListener({ routes, log: textLog(logged), clock });
  const server = createPlainServer({ errorBody: oauthErrorBody }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { clock, logged, port, url: `http://127.0.0.1:${port}` };
}

/** Sends bytes as they are, and gives what comes back until the server closes. */
function raw(port: number, bytes: string, meanwhile: () => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: string[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, meanwhile));
    socket.on("data", (chunk) => chunks.push(chunk.toString()));
    socket.on("close", () => resolve(chunks.join("")));
    socket.on("error", reject);
  });
}

describe("the edge", () => {
  test("goes on with the trace of the caller", async () => {
    const { url } = await served();
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const reply = await fetch(`${url}/hello`, { headers: { traceparent } });
    expect(await jsonBody(reply)).toEqual({ traceId: "4bf92f3577b34da6a3ce929d0e0e4736" });
  });

  test("HEAD of what can be read has headers and no body", async () => {
    const { url } = await served();
    const reply = await fetch(`${url}/hello`, { method: "HEAD" });
    expect([reply.status, Number(reply.headers.get("content-length")) > 0, await reply.text()]).toEqual([
      200,
      true,
      "",
    ]);
  });

  test("a defect is a 500 with a trace id that the log has too, and nothing of the error", async () => {
    const { url, logged } = await served();
    const reply = await fetch(`${url}/broken?x=1`);
    const body = await jsonBody(reply);
    expect(body).toMatchObject({ error: "server_error", error_code: "InternalError" });
    expect(JSON.stringify(body)).not.toMatch(/secret|\.ts/);
    expect(logged.join("")).toContain(body.trace_id);
  });

  test("a body in chunks is bounded too", async () => {
    const { port } = await served();
    const head = `POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: ${FORM}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = `8000\r\n${"a".repeat(0x8000)}\r\n`;
    expect(await raw(port, head + chunk.repeat(3))).toMatch(/^HTTP\/1\.1 413 [\s\S]*"error_code":"BodyTooLarge"/);
  });

  test("a body that does not arrive ends in a 408", async () => {
    const { port, clock } = await served();
    const head = `POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: ${FORM}\r\ncontent-length: 10\r\n\r\nabc`;
    const reply = raw(port, head);
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(httpLimits.bodyMs);
    expect(await reply).toMatch(/^HTTP\/1\.1 408 [\s\S]*"error_code":"BodyTooSlow"/);
  });

  test.each([
    { given: "two lengths", headers: "content-length: 3\r\ncontent-length: 60" },
    { given: "a length and chunks", headers: "content-length: 3\r\ntransfer-encoding: chunked" },
    { given: "an encoding that hides chunks", headers: "transfer-encoding: chunked, identity" },
    { given: "a folded header", headers: "transfer-encoding:\r\n chunked\r\ncontent-length: 3" },
  ])("$given: no second request is found inside of the first", async ({ headers }) => {
    const { port } = await served();
    const inner = "0\r\n\r\nGET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
    const outer = `POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: ${FORM}\r\n${headers}\r\n\r\n`;
    const reply = await raw(port, outer + inner);
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    expect(reply.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test.each([
    { given: "what is not HTTP", bytes: "hello\r\n\r\n", status: 400 },
    {
      given: "headers over the limit",
      bytes: `GET /hello HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
      status: 431,
    },
  ])("$given gets a JSON error", async ({ bytes, status }) => {
    const { port } = await served();
    const reply = await raw(port, bytes);
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(reply.split("\r\n\r\n")[1] ?? "")).toMatchObject({ error: "invalid_request" });
  });

  test("no timer is left behind", async () => {
    const { url, clock } = await served();
    await jsonBody(fetch(`${url}/echo`, { method: "POST", body: new URLSearchParams({ a: "1" }) }));
    expect(clock.pending).toBe(0);
  });
});

describe("findRoute", () => {
  property("every method and path has an answer", [fc.string(), fc.string({ unit: "binary" })], (method, path) => {
    const match = findRoute(routes, method, path);
    return match.kind === "refused" ? match.refusal.sentence.length < 256 : routes.includes(match.route);
  });
});
