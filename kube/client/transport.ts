import { Agent as HttpAgent, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { text } from "node:stream/consumers";
import type { Clock } from "../clock.ts";
import { StatusError } from "../status-error.ts";
import type { ApiAccess } from "./access.ts";
import { exchange } from "./exchange.ts";
import { refusalError } from "./status-body.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly contentType?: string;
  /** JSON. */
  readonly body?: string;
}

export interface TransportOptions {
  readonly access: ApiAccess;
  readonly clock: Clock;
  readonly userAgent: string;
}

/** The key set of ServiceAccount tokens is to be had as the latter alone (RFC 7517 §8.5.2). */
const ACCEPT = "application/json, application/jwk-set+json";
/** A little more than the API server itself takes for a request. */
const REQUEST_TIMEOUT_MS = 65_000;
/** Sooner than the API server closes a connection that nobody uses (90 s), so that none is used while it does. */
const IDLE_CONNECTION_MS = 50_000;
/** The kernel asks a silent peer after so long whether it is still there, and ends the connection 10 s later. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** HTTP to one API server over connections that are kept. */
export class Transport {
  readonly #access: ApiAccess;
  readonly #clock: Clock;
  readonly #userAgent: string;
  readonly #agent: HttpAgent;

  constructor({ access, clock, userAgent }: TransportOptions) {
    this.#access = access;
    this.#clock = clock;
    this.#userAgent = userAgent;
    const settings = { keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS, timeout: IDLE_CONNECTION_MS };
    this.#agent = access.server.protocol === "http:" ? new HttpAgent(settings) : new HttpsAgent(settings);
  }

  /** The whole JSON of a reply. Rejects with a `StatusError`, whatever went wrong, also when the signal ends the waiting. */
  async json(request: ApiRequest, signal?: AbortSignal): Promise<unknown> {
    const expiring = new AbortController();
    const cancel = this.#clock.after(REQUEST_TIMEOUT_MS, () => expiring.abort(new Error("it took too long")));
    const ending = AbortSignal.any([expiring.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      return JSON.parse(await text(await this.open(request, ending)));
    } catch (error) {
      throw this.unavailable(expiring.signal.aborted ? expiring.signal.reason : error);
    } finally {
      cancel();
    }
  }

  /**
   * The reply as it arrives, once the server has said that there is one; the signal ends it. Rejects with a
   * `StatusError`; what breaks while the reply is read is for `unavailable`.
   */
  async open(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await this.#accepted(request, signal);
    } catch (error) {
      throw this.unavailable(signal.aborted ? signal.reason : error);
    }
  }

  async #accepted(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await exchange(await this.#options(request, signal), request.body);
    const { statusCode: httpStatus = 0, headers } = response;
    if (httpStatus >= 200 && httpStatus < 300) return response;
    if (httpStatus === 401) this.#access.renew();
    throw refusalError({ httpStatus, retryAfter: headers["retry-after"], body: await text(response) });
  }

  /** What to throw when a reply broke off, or none came. */
  unavailable(error: unknown): StatusError {
    if (error instanceof StatusError) return error;
    const why = error instanceof Error ? error.message : String(error);
    return new StatusError(
      "ServiceUnavailable",
      `The API server at ${this.#access.server.host} did not answer: ${why}`,
    );
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Says the length of every body: Node does not where the method is DELETE, and the server then took it for a request. */
  async #options(
    { method, path, contentType = "application/json", body }: ApiRequest,
    signal: AbortSignal,
  ): Promise<RequestOptions> {
    const { server } = this.#access;
    const { headers, agent = this.#agent, ...credentials } = await this.#access.credentials();
    return {
      ...credentials,
      ...{ method, signal, agent, protocol: server.protocol },
      ...{ hostname: server.hostname.replace(/^\[|\]$/g, ""), port: server.port },
      path: server.pathname.replace(/\/$/, "") + path,
      headers: {
        ...headers,
        ...{ accept: ACCEPT, "user-agent": this.#userAgent },
        ...(body === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(body) }),
      },
    };
  }
}
