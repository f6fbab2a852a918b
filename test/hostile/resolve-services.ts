/** Preloaded into a process of the plane: on this machine, where there is no cluster DNS, names of Services are loopback. */
import dns from "node:dns";

const lookup = dns.lookup;

dns.lookup = ((hostname: string, ...rest: readonly unknown[]) =>
  Reflect.apply(lookup, dns, [hostname.endsWith(".svc") ? "127.0.0.1" : hostname, ...rest])) as typeof dns.lookup;
