import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { ApiAccess } from "../../../kube/client/access.ts";
import { ClusterApi } from "../../../kube/client/cluster-api.ts";
import type { Unreadable } from "../../../kube/client/received-object.ts";
import { Transport } from "../../../kube/client/transport.ts";
import { FakeClock } from "../../support/fake-clock.ts";

export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Numbers the connections, so that a test sees which are kept. */
  readonly connection: number;
}

export type Answer = (response: ServerResponse, request: SentRequest) => void;

export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

export const status = (code: number, reason: string, message = "as the test said"): Answer =>
  json({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message }, code);

/** Lines of a watch; it then stays open, unless it is said to end. */
export const stream =
  (events: readonly unknown[], end: "open" | "end" | "break" = "open"): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    if (end === "end") response.end();
    if (end === "break") setImmediate(() => response.destroy());
  };

export interface ScriptedServer {
  readonly api: ClusterApi;
  readonly transport: Transport;
  readonly clock: FakeClock;
  readonly requests: SentRequest[];
  readonly unreadable: Unreadable[];
  /** How often the credentials were found to be of no use. */
  readonly renewals: () => number;
  /** Ends the server, and every connection. */
  readonly shut: () => Promise<void>;
}

/** A server that answers one request after the other as the test says, and a client of it. */
export async function scriptedServer(...answers: readonly Answer[]): Promise<ScriptedServer> {
  const requests: SentRequest[] = [];
  const connections: object[] = [];
  const server = createServer(async (incoming, response) => {
    if (!connections.includes(incoming.socket)) connections.push(incoming.socket);
    const { method = "", url = "", headers, socket } = incoming;
    const body = await text(incoming);
    const connection = connections.indexOf(socket);
    const request = { method, url: new URL(url, "http://server"), headers, body, connection };
    requests.push(request);
    const answer = answers[requests.length - 1] ?? status(500, "InternalError", "the script is at its end");
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  let renewals = 0;
  const access: ApiAccess = {
    server: new URL(`http://127.0.0.1:${port}/prefix/`),
    namespace: "shop",
    credentials: async () => ({ headers: { authorization: `Bearer token-${renewals}` } }),
    renew: () => {
      renewals++;
    },
  };
  const clock = new FakeClock();
  const transport = new Transport({ access, clock, userAgent: "lanyard/1.2.3" });
  const unreadable: Unreadable[] = [];
  const onUnreadable = (each: Unreadable) => unreadable.push(each);
  const api = new ClusterApi({ transport, clock, random: () => 0.5, onUnreadable });
  onTestFinished(async () => {
    transport.close();
    await shut();
  });
  return { api, transport, clock, requests, unreadable, renewals: () => renewals, shut };
}
