import type { Clock } from "./clock.ts";
import type { Confirmation } from "./confirmation.ts";
import type { IdentityReply, IssuerClient, IssuerReply, NoSuccess } from "./issuer-reply.ts";
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
  #failure: string | undefined;

  constructor(issuer: IssuerClient, options: IssuerGateOptions) {
    this.#issuer = issuer;
    this.#clock = options.clock;
    this.#simultaneous = options.simultaneous;
    this.#rate = new RateLimit(options.perSecond);
  }

  /** What went wrong on the way to the issuer, the last time it was asked; undefined when it answered. */
  get failure(): string | undefined {
    return this.#failure;
  }

  requestToken(query: TokenQuery): Promise<IssuerReply> {
    return this.#ask<IssuerReply>(() => this.#issuer.requestToken(query));
  }

  checkIdentities(): Promise<IdentityReply> {
    return this.#ask<IdentityReply>(() => this.#issuer.checkIdentities());
  }

  async #ask<Reply extends IssuerReply | IdentityReply>(
    call: () => Promise<Reply | NoSuccess>,
  ): Promise<Reply | NoSuccess> {
    const closedFor = this.#closedUntil - this.#clock.now();
    if (closedFor > 0) return { kind: "throttled", retryAfterSeconds: Math.ceil(closedFor / 1000) };
    if (this.#running >= this.#simultaneous || !this.#rate.take(this.#clock.now())) {
      return { kind: "throttled", retryAfterSeconds: 1 };
    }
    this.#running++;
    try {
      return this.#observe(await call());
    } catch {
      // A renewal has nobody who waits for it: a rejection there would end the process.
      return this.#observe<NoSuccess>({ kind: "unavailable", detail: "the issuer client failed" });
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

  #observe<Reply extends IssuerReply | IdentityReply>(reply: Reply): Reply {
    this.#failure = reply.kind === "unavailable" ? reply.detail : undefined;
    if (reply.kind === "throttled") {
      this.#closedUntil = Math.max(this.#closedUntil, this.#clock.now() + reply.retryAfterSeconds * 1000);
    }
    return reply;
  }
}
