import { isDnsLabel, isDnsSubdomain } from "../identity/dns-name.ts";
import type { VaultAt } from "./settings.ts";

/**
 * In a cluster a vault is at the name of its Service, NAME.NAMESPACE.svc, with or without the cluster's domain and a
 * port. The Host header picks the vault and nothing more: what the caller may do there is asked for that vault.
 */
export function vaultAtService(clusterDomain: string): VaultAt {
  const endings = [".svc", `.svc.${clusterDomain}`];
  return ({ host }) => {
    const name = hostname(host ?? "");
    const ending = endings.find((candidate) => name.endsWith(candidate));
    if (ending === undefined) return undefined;
    const parts = name.slice(0, -ending.length).split(".");
    const [namespace, service] = [parts.at(-1) ?? "", parts.slice(0, -1).join(".")];
    return isDnsLabel(namespace) && isDnsSubdomain(service) ? { namespace, name: service } : undefined;
  };
}

/** RFC 9110 §7.2: the host without regard to case, and a port that says nothing here. */
function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, "");
}
