import type { KeyPair } from "../../kube/key-pair.ts";
import type { Authorities } from "./authorities.ts";
import { type Lifetimes, renewalTime } from "./lifetimes.ts";

export interface AuthorityFacts {
  /** Undefined when there are none, or none that can sign. */
  readonly authorities: Authorities | undefined;
  /** Since when, as far as this operator saw itself, the next authority has been in the trust bundle. */
  readonly announcedSince: number;
  /** Whether the authority that signs may sign for the domains that it should, and for no others. */
  readonly isConstrained: boolean;
  readonly now: number;
}

/** What to do with the certificate authorities. Times are milliseconds since the epoch. */
export type AuthorityStep =
  | { readonly kind: "wait"; readonly until: number }
  /** A new authority is to be made, and these are then the authorities. */
  | { readonly kind: "make"; readonly because: string; readonly with: (made: KeyPair) => Authorities }
  | { readonly kind: "store"; readonly because: string; readonly authorities: Authorities };

/**
 * An authority is replaced in three steps, so that at every moment whoever has had the time to read the trust bundle
 * knows every certificate that is in use: the next one is announced, it signs, and the previous one is no longer trusted.
 */
export function authorityStep(
  { authorities, announcedSince, isConstrained, now }: AuthorityFacts,
  lifetimes: Pick<Lifetimes, "serving" | "announcement">,
): AuthorityStep {
  if (authorities === undefined) return start("there was none that can sign");
  const { current, next, previous } = authorities;
  if (previous !== undefined && previous.until <= now)
    return store("the previous one is out of use", { current, ...(next && { next }) });
  if (next === undefined) return whileAlone(authorities, isConstrained, now);
  const signsAt = Math.min(announcedSince + lifetimes.announcement, current.notAfter);
  if (now < signsAt) return wait(signsAt, previous?.until);
  const until = Math.min(now + lifetimes.serving, current.notAfter);
  return store("the next one has been announced", { current: next, previous: { cert: current.cert, until } });
}

/** An authority that has ended is not announced to anybody: nothing that it signed is good any more. */
function whileAlone({ current, previous }: Authorities, isConstrained: boolean, now: number): AuthorityStep {
  if (current.notAfter <= now) return start("the one that signed has ended");
  const isDue = renewalTime(current) <= now;
  if (isConstrained && !isDue) return wait(renewalTime(current), previous?.until);
  return {
    kind: "make",
    because: isDue ? "two thirds of its life are over" : "it may sign for other domains than those of this cluster",
    with: (next) => ({ current, next, ...(previous && { previous }) }),
  };
}

const start = (because: string): AuthorityStep => ({ kind: "make", because, with: (current) => ({ current }) });

const store = (because: string, authorities: Authorities): AuthorityStep => ({ kind: "store", because, authorities });

const wait = (...times: (number | undefined)[]): AuthorityStep => ({
  kind: "wait",
  until: Math.min(...times.filter((time) => time !== undefined)),
});
