import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { type Body, withBody } from "../../http/body.ts";
import { BodyBudget } from "../../http/body-budget.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { plainServer } from "./servers.ts";

const KiB = 1024;

/** A server that keeps each body until the test lets it go. */
async function reading(limits: { readonly bytes?: number; readonly budgetBytes?: number } = {}) {
  const clock = new FakeClock();
  const budget = new BodyBudget(limits.budgetBytes ?? 1024 * KiB);
  const bodies: Body[] = [];
  const held: (() => void)[] = [];
  const failed: unknown[] = [];
  const port = await plainServer({}, (request, response) => {
    withBody(request, { clock, budget, limits: { bytes: limits.bytes ?? 64 * KiB, milliseconds: 1_000 } }, (body) => {
      bodies.push(body);
      const answer = (): void => void response.writeHead(body.kind === "read" ? 200 : 503).end();
      if (body.kind !== "read") return answer();
      return new Promise<void>((resolve) => held.push(resolve)).then(answer);
    }).catch((error: unknown) => failed.push(error));
  });
  return { clock, budget, bodies, held, failed, port };
}

function send(port: number, ...parts: readonly string[]): Socket {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  for (const part of parts) socket.write(part);
  return socket;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settle();
}

const head = (headers: string): string => `POST / HTTP/1.1\r\nhost: a\r\n${headers}\r\n\r\n`;
const chunked = head("transfer-encoding: chunked");
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

describe("withBody", () => {
  test("joins what arrives in pieces", async () => {
    const { port, bodies, held } = await reading();
    send(port, chunked, chunk("ä".repeat(3)), chunk("b".repeat(9_000)), "0\r\n\r\n");
    await until(() => held.length === 1);
    expect(bodies).toEqual([{ kind: "read", text: `äää${"b".repeat(9_000)}` }]);
  });

  test("counts a body in the budget until the request is answered", async () => {
    const { port, budget, held } = await reading();
    send(port, head(`content-length: ${10 * KiB}`), "x".repeat(10 * KiB));
    await until(() => held.length === 1);
    expect(budget.heldBytes).toBe(10 * KiB);
    held[0]?.();
    await until(() => budget.heldBytes === 0);
  });

  test("gives the bytes back when the connection breaks", async () => {
    const { port, budget, failed, clock } = await reading();
    const socket = send(port, head("content-length: 100"), "x".repeat(50));
    await until(() => budget.heldBytes === 50);
    socket.destroy();
    await until(() => failed.length === 1);
    expect([budget.heldBytes, clock.pending]).toEqual([0, 0]);
  });

  test.each([
    { given: "a declared length over the limit", sent: [head("content-length: 70000")], kind: "too large" },
    { given: "chunks over the limit", sent: [chunked, chunk("x".repeat(70_000))], kind: "too large" },
    { given: "a chunk for each byte", sent: [chunked, chunk("x").repeat(2_000)], kind: "too fragmented" },
  ])("$given: $kind", async ({ sent, kind }) => {
    const { port, bodies, budget } = await reading();
    send(port, ...sent);
    await until(() => bodies.length === 1);
    expect(bodies[0]).toEqual({ kind });
    await until(() => budget.heldBytes === 0);
  });

  test("ends a body that arrives too slowly", async () => {
    const { port, bodies, budget, clock } = await reading();
    send(port, head("content-length: 100"), "x".repeat(50));
    await until(() => budget.heldBytes === 50);
    await clock.advance(1_000);
    await until(() => bodies.length === 1);
    expect(bodies).toEqual([{ kind: "too slow" }]);
  });

  test("an unfinished body gives way to one that fits, and is told when to come back", async () => {
    const { port, bodies, budget, held } = await reading({ budgetBytes: 64 * KiB });
    for (let at = 0; at < 2; at++) send(port, head(`content-length: ${32 * KiB}`), "x".repeat(31 * KiB));
    await until(() => budget.heldBytes === 62 * KiB);
    send(port, head(`content-length: ${4 * KiB}`), "x".repeat(4 * KiB));
    await until(() => held.length === 1);
    expect(bodies.map(({ kind }) => kind)).toEqual(["busy", "read"]);
  });
});
