import { type Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { type Agent as HttpsAgent, request as requestHttps } from "node:https";

/** One request to a process of the plane, on loopback. */
export interface Asked {
  readonly port: number;
  readonly path: string;
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** PEM and name to verify the server by; without it the request is plain HTTP. */
  readonly tls?: { readonly ca: string; readonly servername: string };
  /** The source address, in 127.0.0.0/8: pods have one each. */
  readonly from?: string;
  readonly agent?: HttpAgent | HttpsAgent;
  readonly timeoutMs?: number;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;

/** Rejects when there is no whole answer in time. */
export function send(asked: Asked): Promise<Answered> {
  const { port, path, method = "GET", headers = {}, body, tls, from, agent, timeoutMs = TIMEOUT_MS } = asked;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options = {
    ...{ host: "127.0.0.1", port, path, method, agent, headers: { ...length, ...headers } },
    ...(from === undefined ? {} : { localAddress: from }),
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    };
    const sent = tls === undefined ? requestHttp(options, take) : requestHttps({ ...options, ...tls }, take);
    sent.once("error", reject);
    sent.end(body);
  });
}
