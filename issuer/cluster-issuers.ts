import { hash } from "node:crypto";
import type { Clock } from "../kube/clock.ts";
import { TokenBuckets } from "../kube/token-bucket.ts";
import { ClusterKeysError } from "./cluster-keys.ts";
import { issuerLimits } from "./limits.ts";

/** Which `iss` the API server's ServiceAccount tokens may have: `--service-account-issuer` can be given several times. */
export interface ClusterIssuers {
  /**
   * Whether the API server accepts tokens of this issuer. `token` has it and is verified otherwise: a key of the cluster
   * signed it for us, and it has not expired. Rejects with a ClusterKeysError if the API server cannot say.
   */
  accepts(issuer: string, token: string): Promise<boolean>;
}

export interface ClusterIssuerSources {
  /** The issuer of tokens that the API server makes now: the one in its discovery document. */
  readonly current: () => Promise<string>;
  /** Whether the API server accepts a token (TokenReview). It knows its older issuers too, and tells of them in no other way. */
  readonly review: (token: string) => Promise<boolean>;
}

const CONFIRMED_FOR_MS = 5 * 60_000;
const BETWEEN_DISCOVERIES_MS = 10_000;
const REFUSED_FOR_MS = 10_000;
const MOST_REFUSED = 1_000;
/** The longest list of issuers that any cluster has is of two or three. */
const MOST_CONFIRMED = 32;
/** One bucket for all: reviews are asked for in the name of the issuer. */
const EVERY_REVIEW = "";

/**
 * An issuer counts once discovery or a review has confirmed it. Every five minutes it is confirmed again, behind the
 * caller's back, so that one that was taken out of the API server's flags stops counting; while the API server does not
 * answer, what it said last goes on.
 */
export function clusterIssuers(sources: ClusterIssuerSources, clock: Clock): ClusterIssuers {
  return new Confirmed(sources, clock);
}

class Confirmed implements ClusterIssuers {
  readonly #sources: ClusterIssuerSources;
  readonly #clock: Clock;
  readonly #reviews: TokenBuckets;
  /** When each was confirmed last, in milliseconds since the epoch. */
  readonly #confirmedAt = new Map<string, number>();
  readonly #flights = new Map<string, Promise<boolean>>();
  /** By hash of a token that the API server refused: until when it is not asked again. */
  readonly #refusedUntil = new Map<string, number>();
  #discovered: { readonly issuer: Promise<string>; readonly at: number } | undefined;

  constructor(sources: ClusterIssuerSources, clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
    const { tokenReviewsPerSecond: perSecond, tokenReviewsBurst: burst } = issuerLimits;
    this.#reviews = new TokenBuckets({ perSecond, burst }, clock);
  }

  async accepts(issuer: string, token: string): Promise<boolean> {
    const confirmedAt = this.#confirmedAt.get(issuer);
    if (confirmedAt === undefined) return this.#confirm(issuer, token);
    if (this.#clock.now() > confirmedAt + CONFIRMED_FOR_MS) this.#confirm(issuer, token).catch(() => undefined);
    return true;
  }

  /** One question at a time for each issuer. What the API server said no to for one token it may still accept for another. */
  async #confirm(issuer: string, token: string): Promise<boolean> {
    const flight = this.#flights.get(issuer);
    if (flight !== undefined && (await flight)) return true;
    const asking = this.#ask(issuer, token).finally(() => this.#flights.delete(issuer));
    this.#flights.set(issuer, asking);
    return asking;
  }

  async #ask(issuer: string, token: string): Promise<boolean> {
    const isAccepted = (await this.#isCurrent(issuer)) || (await this.#isReviewed(token));
    this.#confirmedAt.delete(issuer);
    if (!isAccepted) return false;
    this.#confirmedAt.set(issuer, this.#clock.now());
    dropOldest(this.#confirmedAt, MOST_CONFIRMED);
    return true;
  }

  async #isCurrent(issuer: string): Promise<boolean> {
    const now = this.#clock.now();
    if (this.#discovered === undefined || now > this.#discovered.at + BETWEEN_DISCOVERIES_MS) {
      this.#discovered = { issuer: answered(this.#sources.current()), at: now };
      this.#discovered.issuer.catch(() => {
        this.#discovered = undefined;
      });
    }
    return (await this.#discovered.issuer) === issuer;
  }

  async #isReviewed(token: string): Promise<boolean> {
    const digest = hash("sha256", token, "base64url");
    if (this.#clock.now() < (this.#refusedUntil.get(digest) ?? 0)) return false;
    if (this.#reviews.take(EVERY_REVIEW) > 0) throw new ClusterKeysError("too many tokens of unknown issuers");
    const isAccepted = await answered(this.#sources.review(token));
    this.#refusedUntil.delete(digest);
    if (!isAccepted) this.#refusedUntil.set(digest, this.#clock.now() + REFUSED_FOR_MS);
    dropOldest(this.#refusedUntil, MOST_REFUSED);
    return isAccepted;
  }
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new ClusterKeysError("the API server does not say whose tokens it accepts", { cause: error });
  }
}

/** A Map keeps the order of insertion. */
function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return;
  for (const key of map.keys().take(1)) map.delete(key);
}
