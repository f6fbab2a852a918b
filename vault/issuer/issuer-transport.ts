import { Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { exchange } from "../../kube/client/exchange.ts";
import type { Clock } from "../../kube/clock.ts";

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
  close(): void;
}

/** A client of ours waits for its secret meanwhile; an issuer answers in milliseconds. */
const TIMEOUT_MS = 3_000;
const MOST_ANSWER_BYTES = 64 * 1024;
/** Sooner than the issuer closes a connection that nobody uses (75 s), so that none is used while it does. */
const IDLE_CONNECTION_MS = 50_000;

/** HTTP to the issuer over connections that are kept. */
export function issuerTransport({ url, readToken, readTrust, clock }: IssuerTransportOptions): IssuerTransport {
  const { protocol, hostname, port } = new URL(url);
  const settings = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const agent = protocol === "http:" ? new HttpAgent(settings) : new HttpsAgent(settings);
  return {
    async ask({ path, contentType, body, traceId }) {
      const [token, ca] = await Promise.all([readToken(), readTrust?.()]);
      const expiring = new AbortController();
      const cancel = clock.after(TIMEOUT_MS, () => expiring.abort(new Error("the issuer did not answer in time")));
      try {
        const headers = {
          authorization: `Bearer ${token.trim()}`,
          "content-type": contentType,
          "content-length": Buffer.byteLength(body),
          traceparent: `00-${traceId}-${traceId.slice(16)}-00`,
        };
        const target = { protocol, hostname, port, path, method: "POST", agent, signal: expiring.signal };
        const response = await exchange({ ...target, headers, ...(ca === undefined ? {} : { ca }) }, body);
        return {
          status: response.statusCode ?? 0,
          body: await readAnswer(response),
          retryAfterSeconds: secondsOf(response.headers["retry-after"]),
        };
      } finally {
        cancel();
      }
    },
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_ANSWER_BYTES) throw new Error("the issuer's answer is too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function secondsOf(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
