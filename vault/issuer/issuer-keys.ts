import { createLocalJWKSet, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import type { Clock } from "../../kube/clock.ts";
import type { Unavailable } from "../authority.ts";
import { vaultLimits } from "../limits.ts";
import type { IssuerTransport } from "./issuer-transport.ts";

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).max(100) });

interface KeySet {
  readonly getKey: JWTVerifyGetKey;
  readonly ids: ReadonlySet<string>;
  readonly readAt: number;
}

/** The issuer's public keys. */
export interface IssuerKeys {
  /** The keys, to verify a token that names this one. Unavailable while they could not be read at all. */
  for(keyId: string | undefined): Promise<JWTVerifyGetKey | Unavailable>;
}

/**
 * Reads the issuer's key set (RFC 7517) when it is needed: once, when it is old, and when a token names a key that is not
 * in it. Whatever tokens are sent, it is read at most once in a few seconds. An old key set stays in use while the issuer
 * does not answer; whether a token still stands the issuer says with each decision.
 */
export function issuerKeys({ read }: Pick<IssuerTransport, "read">, clock: Clock): IssuerKeys {
  let known: KeySet | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure = "they were not read yet";
  let reading: Promise<void> | undefined;

  const isDue = (keyId: string | undefined): boolean => {
    if (known === undefined || clock.now() - known.readAt > vaultLimits.issuerKeysMaxAgeMs) return true;
    return keyId !== undefined && !known.ids.has(keyId);
  };
  async function readAll(): Promise<void> {
    triedAt = clock.now();
    try {
      const { status, body } = await read("/keys");
      if (status !== 200) throw new Error(`/keys answered ${status}`);
      const keySet = keySetSchema.parse(JSON.parse(body));
      const ids = new Set(keySet.keys.map(({ kid }) => kid));
      known = { getKey: createLocalJWKSet(keySet), ids, readAt: clock.now() };
    } catch (error) {
      // What is known stays in use, and a later token tries again.
      failure = error instanceof Error ? error.message : "not an Error";
    }
  }
  return {
    async for(keyId) {
      if (reading === undefined && isDue(keyId) && clock.now() - triedAt >= vaultLimits.issuerKeysPauseMs) {
        reading = readAll().finally(() => {
          reading = undefined;
        });
      }
      if (isDue(keyId)) await reading;
      return known?.getKey ?? { kind: "unavailable", detail: `the issuer's keys: ${failure}` };
    },
  };
}
