import { Agent as HttpAgent, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { exchange } from "../../kube/client/exchange.ts";
import type { Clock } from "../../kube/clock.ts";
import { vaultLimits } from "../limits.ts";

export interface IssuerTransportOptions {
  /** Where the issuer serves: https in a cluster. */
  readonly url: string;
  /** The vault's own ServiceAccount token for the issuer; read anew each time, since the kubelet renews it. */
  readonly readToken: () => Promise<string>;
  /** The authorities that the issuer is known by, PEM: where it is given, no others are trusted. */
  readonly readTrust?: () => Promise<string>;
  readonly clock: Clock;
}

export interface IssuerQuestion {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  readonly traceId: string;
}

export interface IssuerAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds: number | undefined;
}

export interface IssuerTransport {
  /** Rejects when there is no whole answer in time. */
  ask(question: IssuerQuestion): Promise<IssuerAnswer>;
  /** Reads what the issuer publishes for everybody: the vault shows no token for it. */
  read(path: string): Promise<IssuerAnswer>;
  close(): void;
}

/** Sooner than the issuer closes a connection that nobody uses (75 s), so that none is used while it does. */
const IDLE_CONNECTION_MS = 50_000;

/** HTTP to the issuer over connections that are kept. */
export function issuerTransport({ url, readToken, readTrust, clock }: IssuerTransportOptions): IssuerTransport {
  const { protocol, hostname, port } = new URL(url);
  const settings = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const agent = protocol === "http:" ? new HttpAgent(settings) : new HttpsAgent(settings);
  async function send(request: RequestOptions, body?: string): Promise<IssuerAnswer> {
    const ca = await readTrust?.();
    const expiring = new AbortController();
    const expire = (): void => expiring.abort(new Error("the issuer did not answer in time"));
    // A client waits for its secret meanwhile; an issuer answers in milliseconds.
    const cancel = clock.after(vaultLimits.issuerAnswerMs, expire);
    try {
      const target = { protocol, hostname, port, agent, signal: expiring.signal, ...(ca === undefined ? {} : { ca }) };
      const response = await exchange({ ...target, ...request }, body);
      return {
        status: response.statusCode ?? 0,
        body: await readAnswer(response),
        retryAfterSeconds: secondsOf(response.headers["retry-after"]),
      };
    } finally {
      cancel();
    }
  }
  return {
    async ask({ path, contentType, body, traceId }) {
      const headers = {
        authorization: `Bearer ${(await readToken()).trim()}`,
        "content-type": contentType,
        "content-length": Buffer.byteLength(body),
        traceparent: `00-${traceId}-${traceId.slice(16)}-00`,
      };
      return send({ path, method: "POST", headers }, body);
    },
    read: (path) => send({ path, method: "GET" }),
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > vaultLimits.issuerAnswerBytes) throw new Error("the issuer's answer is too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
