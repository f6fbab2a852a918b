import type { Clock } from "./clock.ts";
import type { Confirmation } from "./confirmation.ts";
import type { IssuerClient, IssuerReply } from "./issuer-reply.ts";
import { RateLimit } from "./rate-limit.ts";
import type { TokenQuery } from "./token.ts";

export interface IssuerGateOptions {
  readonly clock: Clock;
  readonly simultaneous: number;
  readonly perSecond: number;
}

/**
 * Keeps one pod from flooding the issuer, whatever its application asks for: so many calls at a time and a second, and
 * none before the time that a 429 named.
 */
export class IssuerGate implements IssuerClient {
  readonly #issuer: IssuerClient;
  readonly #clock: Clock;
  readonly #simultaneous: number;
  readonly #rate: RateLimit;
  #running = 0;
  #closedUntil = 0;
  #answered = false;

  constructor(issuer: IssuerClient, options: IssuerGateOptions) {
    this.#issuer = issuer;
    this.#clock = options.clock;
    this.#simultaneous = options.simultaneous;
    this.#rate = new RateLimit(options.perSecond);
  }

  /** Whether the issuer has ever answered, be it with a refusal: then this pod can reach it. */
  get answered(): boolean {
    return this.#answered;
  }

  async requestToken(query: TokenQuery): Promise<IssuerReply> {
    const closedFor = this.#closedUntil - this.#clock.now();
    if (closedFor > 0) return { kind: "throttled", retryAfterSeconds: Math.ceil(closedFor / 1000) };
    if (this.#running >= this.#simultaneous || !this.#rate.take(this.#clock.now())) {
      return { kind: "throttled", retryAfterSeconds: 1 };
    }
    this.#running++;
    try {
      return this.#observe(await this.#issuer.requestToken(query));
    } catch {
      // A renewal has nobody who waits for it: a rejection there would end the process.
      return { kind: "unavailable", detail: "the issuer client failed" };
    } finally {
      this.#running--;
    }
  }

  /** A confirmation is a courtesy: where the gate would hold a request back, nothing is known. */
  async confirmToken(jwt: string): Promise<Confirmation> {
    if (this.#closedUntil > this.#clock.now() || this.#running >= this.#simultaneous) return "unknown";
    this.#running++;
    try {
      return await this.#issuer.confirmToken(jwt);
    } catch {
      return "unknown";
    } finally {
      this.#running--;
    }
  }

  #observe(reply: IssuerReply): IssuerReply {
    if (reply.kind !== "unavailable") this.#answered = true;
    if (reply.kind === "throttled") {
      this.#closedUntil = Math.max(this.#closedUntil, this.#clock.now() + reply.retryAfterSeconds * 1000);
    }
    return reply;
  }
}
