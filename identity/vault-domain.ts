import { isDnsLabel } from "./dns-name.ts";

/** The host of a vault, `NAME.NAMESPACE.DOMAIN`, has at most 253 characters; two labels and their dots take 128 of these. */
const LONGEST_DOMAIN = 125;

/** The audience that all vaults below a domain share: clients of Key Vault take no token for a narrower one. */
export const vaultDomainAudience = (domain: string): string => `https://${domain}`;

/** Returns why vaults cannot be served at `NAME.NAMESPACE.DOMAIN`; undefined if they can. */
export function vaultDomainProblem(domain: string, clusterDomain: string): string | undefined {
  const labels = domain.split(".");
  const isName = labels.length >= 2 && domain.length <= LONGEST_DOMAIN && labels.every(isDnsLabel);
  // A host that ends in a number is an IPv4 address (URL Standard §3.5).
  if (!isName || /^\d+$/.test(labels.at(-1) ?? "")) {
    return `expected a DNS name in lower case with at least two labels and at most ${LONGEST_DOMAIN} characters, such as vault.example.com`;
  }
  const overlaps = [["svc"], clusterDomain.split(".")].some(
    (other) => isBelow(labels, other) || isBelow(other, labels),
  );
  return overlaps ? "expected a domain that does not overlap with the names of Services" : undefined;
}

/** Whether a name is the domain, or below it. Both as labels. */
function isBelow(name: readonly string[], domain: readonly string[]): boolean {
  return name.slice(-domain.length).join(".") === domain.join(".");
}
