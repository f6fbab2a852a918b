import type { RequestLine } from "./protocol/parse-operation.ts";

/** A request as the vault decides on it: read whole, within bounds, by http.ts. */
export interface VaultRequest extends RequestLine {
  readonly host: string | undefined;
  /** The port of this machine that the connection is to. */
  readonly localPort: number;
  /** Every Authorization header: node:http itself would show the first and hide that there are more. */
  readonly authorizations: readonly string[];
  readonly body: string;
  /** The entity tag of what the client has already (RFC 9110 §13.1.2). */
  readonly ifNoneMatch?: string | undefined;
  /** 32 hexadecimal digits: the caller's (W3C Trace Context), or ours. */
  readonly traceId: string;
  /** The address at the other end of the connection. A forwarded header is anybody's word, so it is not read. */
  readonly sourceAddress: string;
}

export interface VaultReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
