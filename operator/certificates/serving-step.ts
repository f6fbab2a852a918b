import type { KeyPair } from "../../kube/key-pair.ts";
import { renewalTime } from "./lifetimes.ts";

/** A serving certificate as its Secret holds it. */
export interface Serving extends KeyPair {
  readonly dnsNames: readonly string[];
  /** Whether the authority that signs now has signed it. */
  readonly isSignedByCurrent: boolean;
  /** What the Secret holds as `ca.crt`. */
  readonly ca: string | undefined;
}

export interface ServingFacts {
  /** Undefined when there is none that a server can use. */
  readonly serving: Serving | undefined;
  readonly dnsNames: readonly string[];
  /** Whether a certificate that is for other names too stays in use until it is due. */
  readonly otherNames: "keep" | "reissue";
  readonly trustBundle: string;
  readonly now: number;
}

/** What to do with a serving certificate. Times are milliseconds since the epoch. */
export type ServingStep =
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "issue"; readonly because: string }
  /** The same certificate, with another trust bundle beside it. */
  | { readonly kind: "store"; readonly serving: KeyPair };

export function servingStep({ serving, dnsNames, otherNames, trustBundle, now }: ServingFacts): ServingStep {
  if (serving === undefined) return { kind: "issue", because: "there was none that a server can use" };
  if (!serving.isSignedByCurrent) return { kind: "issue", because: "another authority signs now" };
  if (!hasNames(serving.dnsNames, dnsNames, otherNames)) return { kind: "issue", because: "it was for other names" };
  if (renewalTime(serving) <= now) return { kind: "issue", because: "two thirds of its life are over" };
  if (serving.ca !== trustBundle) return { kind: "store", serving };
  return { kind: "wait", until: renewalTime(serving) };
}

function hasNames(names: readonly string[], wanted: readonly string[], others: ServingFacts["otherNames"]): boolean {
  const had = new Set(names);
  return (others === "keep" || had.size === wanted.length) && wanted.every((name) => had.has(name));
}
