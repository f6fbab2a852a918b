import type { Agent } from "node:http";
import type { SecureContextOptions } from "node:tls";

/** What a request needs so that the API server is trusted and knows who asks. */
export interface Credentials extends Pick<SecureContextOptions, "ca" | "cert" | "key" | "passphrase"> {
  readonly headers: Readonly<Record<string, string>>;
  /** `USER:PASSWORD`. */
  readonly auth?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
  /** The way through a proxy, where there is one. */
  readonly agent?: Agent;
}

/** The way to one API server. */
export interface ApiAccess {
  readonly server: URL;
  /** Where this process, or the person at this context, is at home. */
  readonly namespace: string | undefined;
  /** Asked before every request, since tokens and certificates change while a process runs. */
  credentials(): Promise<Credentials>;
  /** The server did not know the last ones: what is kept of them is to be dropped. */
  renew(): void;
}
