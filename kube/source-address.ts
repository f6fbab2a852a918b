/**
 * An IP address in the one spelling that Kubernetes also writes (RFC 5952): a socket for both families shows IPv4 as
 * `::ffff:10.0.0.7`, and a link-local address with its zone.
 */
export function normalAddress(address: string): string {
  const [withoutZone = ""] = address.toLowerCase().split("%");
  return /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(withoutZone)?.[1] ?? withoutZone;
}
