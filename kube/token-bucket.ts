import type { Clock } from "./clock.ts";

/** How fast somebody may ask: a bucket of `burst` requests that fills again by `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch. */
  filledAt: number;
}

export const MOST_BUCKETS = 20_000;

/** One token bucket per key. The number of buckets is bounded: the one unused for longest goes, and is full when it comes back. */
export class TokenBuckets {
  #buckets = new Map<string, Bucket>();
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #mostBuckets: number;

  constructor(rate: Rate, clock: Clock, mostBuckets: number = MOST_BUCKETS) {
    this.#rate = rate;
    this.#clock = clock;
    this.#mostBuckets = mostBuckets;
  }

  /** Takes one token: 0, or after how many whole seconds there is one again. */
  take(key: string): number {
    const wait = this.wait(key);
    if (wait === 0) this.#filled(key).tokens -= 1;
    return wait;
  }

  /** 0, or after how many whole seconds there is a token again. Takes nothing. */
  wait(key: string): number {
    const { tokens } = this.#filled(key);
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#rate.perSecond));
  }

  /** Takes more for a request that was let in and asks for much: whoever is in debt by that waits until it is paid. */
  charge(key: string, count: number): void {
    this.#filled(key).tokens -= count;
  }

  /** 0, or in how many whole seconds: a key owes more than one burst until then, and gets nothing more done. */
  overdrawn(key: string): number {
    const owed = -this.#rate.burst - this.#filled(key).tokens;
    return owed <= 0 ? 0 : Math.max(1, Math.ceil(owed / this.#rate.perSecond));
  }

  get size(): number {
    return this.#buckets.size;
  }

  #filled(key: string): Bucket {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#rate.burst, filledAt: now };
    const earned = (Math.max(0, now - bucket.filledAt) / 1000) * this.#rate.perSecond;
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + earned);
    bucket.filledAt = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#mostBuckets) this.#dropOldest();
    return bucket;
  }

  /** A Map keeps the order of insertion, and every use inserts anew. */
  #dropOldest(): void {
    for (const key of this.#buckets.keys().take(1)) this.#buckets.delete(key);
  }
}
