import "reflect-metadata";
import { Extension, X509Certificate } from "@peculiar/x509";

/** RFC 5280 §4.2.1.10 */
const OID = "2.5.29.30";
const SEQUENCE = 0x30;
const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;
/** GeneralName, RFC 5280 §4.2.1.6. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/**
 * The domains that an authority of this cluster signs for: those of Services, and the one that an administrator gave to
 * vaults. `svc` is no domain of the public DNS.
 */
export const domainsOf = (clusterDomain: string, vaultDomain?: string): readonly string[] => [
  ...["svc", `svc.${clusterDomain}`],
  ...(vaultDomain === undefined ? [] : [vaultDomain]),
];

/**
 * Lets an authority sign for these domains and what is below them, and for no IP address: applications trust it, and
 * must not trust it for the rest of the Internet. Critical, as the RFC requires.
 */
export function nameConstraints(domains: readonly string[]): Extension {
  const permitted = domains.map((domain) => subtree(DNS_NAME, Buffer.from(domain, "ascii")));
  // An address and a mask of zeros stand for every address, of IPv4 and of IPv6.
  const excluded = [8, 32].map((length) => subtree(IP_ADDRESS, Buffer.alloc(length)));
  const value = element(SEQUENCE, element(PERMITTED, ...permitted), element(EXCLUDED, ...excluded));
  return new Extension(OID, true, new Uint8Array(value));
}

/** Returns the domains that an authority (PEM) may sign for; undefined if it may sign for every name. */
export function permittedDomains(cert: string): readonly string[] | undefined {
  const extension = new X509Certificate(cert).getExtension(OID);
  if (extension === null) return undefined;
  const [constraints] = elements(Buffer.from(extension.value));
  const permitted = elements(constraints?.content).filter(({ tag }) => tag === PERMITTED);
  const subtrees = permitted.flatMap(({ content }) => elements(content));
  const names = subtrees.flatMap(({ content }) => elements(content).slice(0, 1));
  return names.filter(({ tag }) => tag === DNS_NAME).map(({ content }) => content.toString("ascii"));
}

/** Whether an authority with these permitted domains may sign for the name. */
export function isPermitted(name: string, domains: readonly string[] | undefined): boolean {
  return domains === undefined || domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

const subtree = (tag: number, content: Buffer): Buffer => element(SEQUENCE, element(tag, content));

/** DER: a tag, the length, and the content. X.690 §8.1 */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The elements of DER that this file wrote; what is cut off is left out. */
function elements(der: Buffer = Buffer.alloc(0)): readonly Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at + 2 <= der.length) {
    const [tag = 0, first = 0] = der.subarray(at, at + 2);
    const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = sizeBytes === 0 ? first : der.readUIntBE(at + 2, Math.min(sizeBytes, der.length - at - 2));
    const begin = at + 2 + sizeBytes;
    found.push({ tag, content: der.subarray(begin, begin + length) });
    at = begin + length;
  }
  return found;
}
