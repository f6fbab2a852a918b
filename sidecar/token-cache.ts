import type { Clock } from "./clock.ts";
import type { IssuerClient, IssuerReply } from "./issuer-reply.ts";
import type { Limits } from "./limits.ts";
import { RefusalCache } from "./refusal-cache.ts";
import { type Refusal, refusals } from "./refusals.ts";
import { backoff, renewAt } from "./renewal-schedule.ts";
import { isServable, servableUntil, type Token, type TokenQuery, tokenFrom } from "./token.ts";

export type Outcome =
  | { readonly kind: "token"; readonly token: Token }
  | { readonly kind: "refused"; readonly refusal: Refusal };

interface Entry {
  readonly query: TokenQuery;
  readonly granted: { readonly kind: "token"; readonly token: Token };
  lastAsked: number;
  failures: number;
  /** From then on a request starts a renewal, should the timer have found the token idle. */
  renewAt: number;
  /** From then on a request waits until the issuer was asked whether the token is still deserved. */
  confirmAt: number;
  confirming?: Promise<Outcome> | undefined;
  cancel: () => void;
}

/**
 * Tokens in memory. One that is in use is renewed in the background, so that requests are served without waiting and
 * an outage of the issuer shorter than a token's life is invisible; one that is not in use is left to end.
 */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Promise<Outcome>>();
  readonly #refusals: RefusalCache;
  readonly #issuer: IssuerClient;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #limits: Limits;
  #stopped = false;

  constructor(options: { issuer: IssuerClient; clock: Clock; random: () => number; limits: Limits }) {
    this.#issuer = options.issuer;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#limits = options.limits;
    this.#refusals = new RefusalCache(options.limits.cachedTokens);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Answers at once from memory when it can. A target that asks the issuer itself needs no confirmation before. */
  get(query: TokenQuery, confirmation: "by issuer" | "by target" = "by issuer"): Outcome | Promise<Outcome> {
    const now = this.#clock.now();
    const entry = this.#entries.get(query.key);
    if (entry === undefined) return this.#refusedLately(query, now) ?? this.#fetch(query);
    entry.lastAsked = now;
    if (now >= entry.renewAt) void this.#fetch(query);
    if (!isServable(entry.granted.token, now)) return this.#fetch(query);
    return now < entry.confirmAt || confirmation === "by target" ? entry.granted : this.#confirmed(entry);
  }

  /** Asks the issuer, whatever is in memory; concurrent requests still share one call. */
  getFresh(query: TokenQuery): Promise<Outcome> {
    const entry = this.#entries.get(query.key);
    if (entry !== undefined) entry.lastAsked = this.#clock.now();
    return this.#fetch(query);
  }

  /** Ends all renewals. */
  stop(): void {
    this.#stopped = true;
    for (const entry of this.#entries.values()) this.#drop(entry);
  }

  /**
   * A revocation is felt by the next request, without a connection that is held for it: who does not ask costs nothing,
   * and who asks in a loop makes one small call in so many seconds. Without an answer the token stays good until it ends.
   */
  #confirmed(entry: Entry): Promise<Outcome> {
    entry.confirming ??= this.#confirm(entry).finally(() => {
      entry.confirming = undefined;
    });
    return entry.confirming;
  }

  async #confirm(entry: Entry): Promise<Outcome> {
    const askedAt = this.#clock.now();
    const confirmation = await this.#issuer.confirmToken(entry.granted.token.jwt);
    if (confirmation === "changed") {
      if (this.#entries.get(entry.query.key) === entry) this.#drop(entry);
      return this.#fetch(entry.query);
    }
    entry.confirmAt = this.#nextConfirmation(askedAt);
    return isServable(entry.granted.token, this.#clock.now()) ? entry.granted : this.#fetch(entry.query);
  }

  /** Counts from when the issuer was asked: it may have decided then, and a revocation since is not in a slow reply. */
  #nextConfirmation(askedAt: number): number {
    return askedAt + this.#limits.confirmSeconds * 1000;
  }

  #refusedLately(query: TokenQuery, now: number): Outcome | undefined {
    const refusal = this.#refusals.get(query.key, now);
    return refusal && { kind: "refused", refusal };
  }

  #fetch(query: TokenQuery): Promise<Outcome> {
    const current = this.#flights.get(query.key);
    if (current !== undefined) return current;
    const flight = this.#ask(query).finally(() => this.#flights.delete(query.key));
    this.#flights.set(query.key, flight);
    return flight;
  }

  async #ask(query: TokenQuery): Promise<Outcome> {
    const askedAt = this.#clock.now();
    const reply = await this.#issuer.requestToken(query);
    switch (reply.kind) {
      case "token":
        return this.#keep(query, tokenFrom(reply, askedAt), askedAt);
      case "refused":
        return this.#refuse(query, reply.refusal);
      case "throttled":
        return this.#keepTrying(query, reply, refusals.RateLimited(reply.retryAfterSeconds));
      case "unavailable":
        return this.#keepTrying(query, reply, refusals.IssuerUnavailable());
    }
  }

  #keep(query: TokenQuery, token: Token, askedAt: number): Outcome {
    const now = this.#clock.now();
    if (!isServable(token, now)) return this.#refuse(query, refusals.TokenTooShort());
    const previous = this.#entries.get(query.key);
    if (previous === undefined) this.#makeRoom();
    else this.#drop(previous);
    const granted = { kind: "token", token } as const;
    const lastAsked = previous?.lastAsked ?? now;
    const times = { renewAt: renewAt(token, this.#random), confirmAt: this.#nextConfirmation(askedAt) };
    const entry: Entry = { query, granted, lastAsked, failures: 0, ...times, cancel: () => {} };
    if (this.#stopped) return granted;
    this.#entries.set(query.key, entry);
    this.#renewLater(entry);
    return granted;
  }

  /** The issuer decided: whatever was cached is no longer deserved. */
  #refuse(query: TokenQuery, refusal: Refusal): Outcome {
    const entry = this.#entries.get(query.key);
    if (entry !== undefined) this.#drop(entry);
    this.#refusals.set(query.key, refusal, this.#clock.now());
    return { kind: "refused", refusal };
  }

  /** The issuer did not decide: what was decided before stays good until it ends. */
  #keepTrying(
    query: TokenQuery,
    reply: IssuerReply & { kind: "throttled" | "unavailable" },
    refusal: Refusal,
  ): Outcome {
    const now = this.#clock.now();
    const entry = this.#entries.get(query.key);
    if (entry === undefined || !isServable(entry.granted.token, now)) return this.#refuse(query, refusal);
    const pause = reply.kind === "throttled" ? reply.retryAfterSeconds * 1000 : 0;
    entry.renewAt = now + pause + backoff(entry.failures++, this.#random);
    this.#renewLater(entry);
    return entry.granted;
  }

  #renewLater(entry: Entry): void {
    this.#schedule(entry, entry.renewAt, () =>
      this.#isIdle(entry) ? this.#letEnd(entry) : void this.#fetch(entry.query),
    );
  }

  #letEnd(entry: Entry): void {
    this.#schedule(entry, servableUntil(entry.granted.token), () => this.#drop(entry));
  }

  #schedule(entry: Entry, at: number, call: () => void): void {
    entry.cancel();
    entry.cancel = this.#clock.after(Math.max(0, at - this.#clock.now()), call);
  }

  #isIdle(entry: Entry): boolean {
    const obtainedAt = entry.granted.token.obtainedAt * 1000;
    return entry.lastAsked < obtainedAt && this.#clock.now() - entry.lastAsked > this.#limits.idleSeconds * 1000;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.#limits.cachedTokens) return;
    const longestUnused = [...this.#entries.values()].reduce((a, b) => (b.lastAsked < a.lastAsked ? b : a));
    this.#drop(longestUnused);
  }

  #drop(entry: Entry): void {
    entry.cancel();
    this.#entries.delete(entry.query.key);
  }
}
