import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import { createPlainServer } from "../../http/server.ts";
import type { Health } from "./health.ts";

interface Operations {
  readonly registry: Registry;
  readonly health: Pick<Health, "notReady" | "notLive">;
}

/** `/livez`, `/readyz` and `/metrics`, over plain HTTP on a port of their own, which never serves a token. */
export function createOperationsServer(operations: Operations): Server {
  return createPlainServer({ errorBody: ({ sentence }) => status(sentence) }, (request, response) => {
    void answer(request, response, operations);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, operations: Operations): Promise<void> {
  const { status, type = "application/json", body } = await replyTo(request, operations);
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

async function replyTo({ method, url = "/" }: IncomingMessage, { registry, health }: Operations): Promise<Reply> {
  if (method !== "GET") return { status: 405, body: status("use GET") };
  switch (url.split("?", 1)[0]) {
    case "/livez":
      return verdict(health.notLive());
    case "/readyz":
      return verdict(health.notReady());
    case "/metrics":
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    default:
      return { status: 404, body: status("not found: ask for /livez, /readyz or /metrics") };
  }
}

const verdict = (problem: string | undefined): Reply =>
  problem === undefined ? { status: 200, body: status("ok") } : { status: 503, body: status(problem) };

const status = (text: string): string => JSON.stringify({ status: text });
