import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../kube/clock.ts";

/** The keys that the cluster signs ServiceAccount tokens with. */
export interface ClusterKeys {
  /** The key that a token's header names, by `kid` and algorithm; keys inside the header (jwk, jku, x5c, x5u) are never looked at. */
  readonly keyFor: JWTVerifyGetKey;
  /** Moves on when the set of keys does: what was verified before it may have been verified with a key that is gone. */
  readonly version: () => number;
}

export class ClusterKeysError extends Error {
  override readonly name = "ClusterKeysError";
}

const REFRESH_AFTER_MILLISECONDS = 5 * 60_000;
/** Nobody makes the issuer fetch more often by naming keys that do not exist. */
const BETWEEN_FETCHES_MILLISECONDS = 10_000;

/** While there are no keys at all. */
const UNTIL_FIRST_MILLISECONDS = 1_000;

interface KeySet {
  readonly find: JWTVerifyGetKey;
  readonly text: string;
}

/**
 * Fetched when first needed, again when a token names an unknown key, and now and then, so that a key that was taken
 * away stops counting. While a fetch fails, the keys that were read last go on.
 */
export function clusterKeys(fetchKeys: () => Promise<JSONWebKeySet>, clock: Clock): ClusterKeys {
  const cache = new KeyCache(fetchKeys, clock);
  return {
    version: () => cache.version,
    async keyFor(header, token) {
      if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
      const keys = await cache.current();
      try {
        return await keys.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const refreshed = await cache.refreshed();
        return await refreshed.find(header, token);
      }
    },
  };
}

class KeyCache {
  readonly #fetch: () => Promise<JSONWebKeySet>;
  readonly #clock: Clock;
  #keys: KeySet | undefined;
  #version = 0;
  /** Milliseconds since the epoch. */
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;

  constructor(fetch: () => Promise<JSONWebKeySet>, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  get version(): number {
    return this.#version;
  }

  /** Old keys are renewed behind the caller's back: nobody waits for a slow API server while there are some. */
  async current(): Promise<KeySet> {
    const renewed = this.#refresh(this.#keys === undefined ? UNTIL_FIRST_MILLISECONDS : REFRESH_AFTER_MILLISECONDS);
    if (this.#keys === undefined) await renewed;
    return this.#loaded();
  }

  async refreshed(): Promise<KeySet> {
    await this.#refresh(BETWEEN_FETCHES_MILLISECONDS);
    return this.#loaded();
  }

  #loaded(): KeySet {
    if (this.#keys === undefined) throw new ClusterKeysError("the cluster's key set could not be fetched");
    return this.#keys;
  }

  /** One fetch at a time, and none sooner after another than so many milliseconds; a failure leaves what was there. */
  async #refresh(betweenMilliseconds: number): Promise<void> {
    if (this.#flight === undefined && this.#clock.now() < this.#fetchedAt + betweenMilliseconds) return;
    this.#flight ??= this.#fetchOnce()
      .catch(() => undefined)
      .finally(() => {
        this.#flight = undefined;
      });
    await this.#flight;
  }

  async #fetchOnce(): Promise<void> {
    this.#fetchedAt = this.#clock.now();
    const keys = await this.#fetch();
    const text = JSON.stringify(keys);
    if (text === this.#keys?.text) return;
    this.#keys = { find: createLocalJWKSet(keys), text };
    this.#version += 1;
  }
}
