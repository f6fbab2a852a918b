import { defaultLimits, type Limits } from "../../sidecar/limits.ts";
import { tokenQuery } from "../../sidecar/token.ts";
import { type Outcome, TokenCache } from "../../sidecar/token-cache.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeIssuer } from "./fake-issuer.ts";

export const vault = tokenQuery("https://vault", { by: "default" });

/** A cache whose clock and issuer the test holds. */
export function testCache(limits: Partial<Limits> = {}) {
  const clock = new FakeClock();
  const issuer = new FakeIssuer();
  const cache = new TokenCache({ issuer, clock, random: () => 0.5, limits: { ...defaultLimits, ...limits } });
  return { clock, issuer, cache, get: async (audience = "https://vault") => jwtOf(await cache.get(queryOf(audience))) };
}

const queryOf = (audience: string) => tokenQuery(audience, { by: "default" });
/** What an outcome comes to: the token, or the code of the refusal. */
export const jwtOf = (outcome: Outcome) => (outcome.kind === "token" ? outcome.token.jwt : outcome.refusal.code);
