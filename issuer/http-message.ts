import type { IncomingHttpHeaders } from "node:http";
import type { RefusalCode } from "../identity/reasons.ts";

/** A request as handlers see it: read whole, within bounds, by http.ts. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** 32 hexadecimal digits: the caller's (W3C Trace Context), or ours. */
  readonly traceId: string;
  /** The address at the other end of the connection. A forwarded header is anybody's word, so it is not read. */
  readonly sourceAddress: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The code of a refusal; it is in the body too. */
  readonly reason?: RefusalCode;
}

export type Handler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

export function json(status: number, body: object, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
