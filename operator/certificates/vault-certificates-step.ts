import { renewalTime } from "./lifetimes.ts";

/** The certificate of one vault as the Secret holds it. */
export interface VaultCertificate {
  readonly dnsNames: readonly string[];
  /** Signed by the authority that signs now, for the key of the Secret. */
  readonly isCurrent: boolean;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface VaultCertificatesFacts {
  /** By the vault's host; undefined when the Secret has no key that can be used. */
  readonly held: ReadonlyMap<string, VaultCertificate> | undefined;
  /** The names of each vault's certificate, by the vault's host. */
  readonly wanted: ReadonlyMap<string, readonly string[]>;
  readonly now: number;
}

/** What to do with the certificates of vaults, one for each. Times are milliseconds since the epoch. */
export type VaultCertificatesStep =
  | { readonly kind: "wait"; readonly until: number | undefined }
  /** A new key, and a new certificate for every vault. */
  | { readonly kind: "replace"; readonly because: string }
  /** With the same key: certificates for these hosts, and none for those that are not wanted any more. */
  | { readonly kind: "change"; readonly issue: readonly string[] };

export function vaultCertificatesStep({ held, wanted, now }: VaultCertificatesFacts): VaultCertificatesStep {
  if (held === undefined) return { kind: "replace", because: "there was no key that a server can use" };
  const kept = [...held].filter(([host]) => wanted.has(host)).map(([, certificate]) => certificate);
  if (kept.some(({ isCurrent }) => !isCurrent)) return { kind: "replace", because: "another authority signs now" };
  const until = kept.map(renewalTime).reduce((soonest, time) => Math.min(soonest, time), Number.POSITIVE_INFINITY);
  if (until <= now) return { kind: "replace", because: "two thirds of the life of one are over" };
  const issue = [...wanted].flatMap(([host, names]) => (hasNames(held.get(host), names) ? [] : [host]));
  if (issue.length > 0 || held.size !== wanted.size) return { kind: "change", issue };
  return { kind: "wait", until: kept.length === 0 ? undefined : until };
}

function hasNames(certificate: VaultCertificate | undefined, names: readonly string[]): boolean {
  const had = new Set(certificate?.dnsNames);
  return had.size === names.length && names.every((name) => had.has(name));
}
