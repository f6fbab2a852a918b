import { hash } from "node:crypto";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { CompactSign } from "jose";
import { canonicalAudience } from "../../identity/audience.ts";
import type { TenantId } from "../../identity/ids.ts";
import { issuerLimits } from "../limits.ts";
import type { SigningKeys } from "../signing-keys.ts";
import type { StandingFacts } from "../token-standing.ts";
import type { Work } from "../work.ts";
import { buildStatusList } from "./build-status-list.ts";
import type { StatusListKey } from "./status-list-key.ts";

/** A signed list, as it is served. */
export interface StatusListToken {
  readonly jwt: string;
  readonly etag: string;
}

/** A list that somebody asks for: what is in it, and where it is. */
export interface NamedList {
  readonly key: StatusListKey;
  readonly path: string;
}

interface Published extends StatusListToken {
  /** Compressed and in base64url. */
  readonly list: string;
  /** Milliseconds since the epoch. */
  readonly signedAt: number;
  readonly checkedAt: number;
}

export interface StatusListOptions extends StandingFacts {
  /** Without a trailing slash, the first part of every list's address. */
  readonly issuer: string;
  readonly signingKeys: SigningKeys;
  /** How long a verifier may keep a list. */
  readonly ttlSeconds: number;
}

/** What many verifiers ask for at once is made once. */
const CHECKED_FOR_MILLISECONDS = 500;
/** A list may be kept here for one `ttl` and by a verifier for another; it is worth nothing before long. */
const LIFETIME_TTLS = 4;
const compress = promisify(deflate);

/** The lists that were asked for, each signed anew when it changed or grew old. */
export class StatusLists {
  readonly #options: StatusListOptions;
  readonly #published = new Map<string, Published>();
  readonly #flights = new Map<string, Promise<Published>>();

  constructor(options: StatusListOptions) {
    this.#options = options;
  }

  /** Undefined when the list has to be made first. */
  kept(path: string): StatusListToken | undefined {
    const published = this.#published.get(path);
    const { clock } = this.#options;
    return published !== undefined && clock.now() < published.checkedAt + CHECKED_FOR_MILLISECONDS
      ? published
      : undefined;
  }

  make(list: NamedList, tenant: TenantId, work: Work): Promise<StatusListToken> {
    const { path } = list;
    const current = this.#flights.get(path);
    if (current !== undefined) return current;
    const flight = this.#make(list, tenant, work).finally(() => this.#flights.delete(path));
    this.#flights.set(path, flight);
    return flight;
  }

  async #make(named: NamedList, tenant: TenantId, work: Work): Promise<Published> {
    const { clock, ttlSeconds } = this.#options;
    const { key, path } = named;
    const checkedAt = clock.now();
    const bits = await buildStatusList(key, tenant, { ...this.#options, work });
    const list = (await compress(bits)).toString("base64url");
    const before = this.#published.get(path);
    const isStillGood = before?.list === list && checkedAt < before.signedAt + ttlSeconds * 1000;
    const published = isStillGood ? { ...before, checkedAt } : await this.#sign(named, list, checkedAt);
    this.#keep(path, published);
    return published;
  }

  async #sign({ key, path }: NamedList, list: string, now: number): Promise<Published> {
    const { issuer, ttlSeconds } = this.#options;
    const iat = Math.floor(now / 1000);
    const claims = {
      iss: issuer,
      sub: statusListUri(issuer, path),
      iat,
      exp: iat + LIFETIME_TTLS * ttlSeconds,
      ttl: ttlSeconds,
      status_list: { bits: 1, lst: list },
    };
    const { algorithm, kid, privateKey } = this.#keyFor(key.audience);
    const header = { alg: algorithm, kid, typ: "statuslist+jwt" };
    const jwt = await new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header).sign(privateKey);
    return { jwt, etag: `"${hash("sha256", jwt, "base64url")}"`, list, signedAt: now, checkedAt: now };
  }

  /** That of the tokens in it, which their verifiers can check. */
  #keyFor(audience: string) {
    const { cluster, signingKeys } = this.#options;
    const owner = cluster.audienceOwners.usable.get(canonicalAudience(audience));
    return signingKeys[owner?.spec.signingAlgorithm ?? "RS256"];
  }

  /** A Map keeps the order of insertion: the one that nobody has asked for longest goes. */
  #keep(path: string, published: Published): void {
    this.#published.delete(path);
    this.#published.set(path, published);
    if (this.#published.size <= issuerLimits.statusListsInMemory) return;
    for (const oldest of this.#published.keys().take(1)) this.#published.delete(oldest);
  }
}

/** Where a list is found, and its `sub`. */
export function statusListUri(issuer: string, path: string): string {
  return issuer.replace(/\/$/, "") + path;
}
