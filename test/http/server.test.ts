import { Agent, request } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Listener } from "../../http/connections.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { plainServer, tlsServer } from "./servers.ts";

const hello: Listener = (_request, response) => void response.end("hello");

/** An open connection, and whether the server closed it. */
interface Client {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  isClosed: boolean;
}

function client(socket: Socket): Client {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const it: Client = { socket, closed, isClosed: false };
  socket.on("error", () => {}).resume();
  socket.once("close", () => {
    it.isClosed = true;
    resolve();
  });
  onTestFinished(() => void socket.destroy());
  return it;
}

async function tcp(port: number): Promise<Client> {
  const socket = connectTcp(port, "127.0.0.1");
  const it = client(socket);
  await Promise.race([new Promise((resolve) => socket.once("connect", resolve)), it.closed]);
  return it;
}

async function tls(port: number): Promise<Client> {
  const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false });
  const it = client(socket);
  await Promise.race([new Promise((resolve) => socket.once("secureConnect", resolve)), it.closed]);
  return it;
}

/** The status of a request on a connection of its own. */
function ask(port: number, agent = new Agent({ keepAlive: false })): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", agent, rejectUnauthorized: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    asked.once("error", reject).end();
  });
}

const closedOf = (clients: readonly Client[]): number => clients.filter(({ isClosed }) => isClosed).length;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settle();
}

describe("many connections", () => {
  test("500 idle TLS connections keep neither a new client out nor more than the limit open", async () => {
    const port = await tlsServer({ limits: { connections: 100, connectionsPerAddress: 100 } }, hello);
    const idle: Client[] = [];
    for (let at = 0; at < 500; at++) idle.push(await tls(port));
    await until(() => closedOf(idle) >= 400);
    expect(await ask(port)).toBe(200);
  });

  test("TCP connections without a ClientHello count, and give way, oldest first", async () => {
    const port = await tlsServer({ limits: { connections: 20, connectionsPerAddress: 20 } }, hello);
    const silent: Client[] = [];
    for (let at = 0; at < 30; at++) silent.push(await tcp(port));
    expect(await ask(port)).toBe(200);
    await until(() => closedOf(silent) >= 11);
    expect(silent.slice(0, 11).every(({ isClosed }) => isClosed)).toBe(true);
    expect(closedOf(silent)).toBeLessThanOrEqual(12);
  });

  test("a connection in use is not closed for a new one", async () => {
    let answer = (): void => {};
    const port = await plainServer({ limits: { connections: 2, connectionsPerAddress: 2 } }, (_request, response) => {
      answer = () => void response.end("done");
    });
    const busy = await tcp(port);
    busy.socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await until(() => String(answer).includes("done"));
    const others: Client[] = [];
    for (let at = 0; at < 5; at++) others.push(await tcp(port));
    await until(() => closedOf(others) >= 4);
    expect(busy.isClosed).toBe(false);
    const reply = new Promise<string>((resolve) => busy.socket.once("data", (data) => resolve(data.toString())));
    answer();
    expect(await reply).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe("slow clients", () => {
  test.each([
    { given: "without a ClientHello", bytes: [] },
    { given: "that sends a handshake byte by byte", bytes: [0x16, 0x03, 0x01] },
  ])("a TCP connection $given is closed when its time is over", async ({ bytes }) => {
    const clock = new FakeClock();
    const port = await tlsServer({ clock, limits: { handshakeMs: 10_000 } }, hello);
    const slow = await tcp(port);
    await until(() => clock.pending === 1);
    for (const byte of bytes) {
      slow.socket.write(Buffer.from([byte]));
      await clock.advance(3_000);
    }
    expect(slow.isClosed).toBe(false);
    await clock.advance(10_000);
    await slow.closed;
    expect(clock.pending).toBe(0);
  });

  test("a connection that finished its handshake in time stays", async () => {
    const clock = new FakeClock();
    const port = await tlsServer({ clock }, hello);
    const open = await tls(port);
    await until(() => clock.pending === 0);
    await clock.advance(60_000);
    expect(open.isClosed).toBe(false);
  });

  test("headers that do not end get status 408", async () => {
    const port = await plainServer({ limits: { headersMs: 50, requestMs: 100 } }, hello);
    const slow = await tcp(port);
    const reply = new Promise<string>((resolve) => slow.socket.once("data", (data) => resolve(data.toString())));
    slow.socket.write("GET / HTTP/1.1\r\nhost: a\r\nx: ");
    expect(await reply).toMatch(/^HTTP\/1\.1 408 [\s\S]*"sentence":"The request did not arrive in time/);
  });

  test("a TLS connection that never asks is closed", async () => {
    const port = await tlsServer({ limits: { headersMs: 50, requestMs: 100 } }, hello);
    const idle = await tls(port);
    await idle.closed;
  });

  test("a client that does not read its reply is closed", async () => {
    const large = Buffer.alloc(64 * 1024 * 1024);
    const port = await plainServer({ limits: { silentConnectionMs: 50 } }, (_request, response) => {
      response.end(large);
      response.once("close", () => closed());
    });
    const { promise, resolve: closed } = Promise.withResolvers<void>();
    const deaf = await tcp(port);
    deaf.socket.pause();
    deaf.socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await promise;
  });
});

describe("many requests on one connection", () => {
  test("a connection with too many unanswered requests is closed", async () => {
    let asked = 0;
    const port = await plainServer({ limits: { concurrentRequestsPerConnection: 4 } }, () => {
      asked += 1;
    });
    const pipelining = await tcp(port);
    pipelining.socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(1_000));
    await pipelining.closed;
    expect(asked).toBeLessThanOrEqual(5);
  });

  test("the last reply that a connection may have says that it closes", async () => {
    const port = await plainServer({ limits: { requestsPerConnection: 2 } }, hello);
    const open = await tcp(port);
    const chunks: string[] = [];
    open.socket.on("data", (data) => chunks.push(data.toString()));
    for (let at = 1; at <= 2; at++) {
      open.socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      await until(() => chunks.join("").split("hello").length === at + 1);
    }
    await open.closed;
    expect(chunks.join("").match(/connection: \S+/gi)).toEqual(["Connection: keep-alive", "connection: close"]);
  });
});
