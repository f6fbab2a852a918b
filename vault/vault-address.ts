import { isDnsLabel, isDnsSubdomain } from "../identity/dns-name.ts";
import { vaultDomainAudience } from "../identity/vault-domain.ts";
import type { VaultAt, VaultPlace } from "./settings.ts";

/**
 * In a cluster a vault is at the name of its Service, NAME.NAMESPACE.svc, with or without the cluster's domain and a
 * port. The Host header picks the vault and nothing more: what the caller may do there is asked for that vault.
 */
export function vaultAtService(clusterDomain: string, vaultDomain?: string): VaultAt {
  const endings = [".svc", `.svc.${clusterDomain}`];
  return ({ host }) => {
    const name = hostname(host ?? "");
    const ending = endings.find((candidate) => name.endsWith(candidate));
    if (ending === undefined) return vaultDomain === undefined ? undefined : vaultBelow(vaultDomain, name);
    const parts = name.slice(0, -ending.length).split(".");
    const [namespace, service] = [parts.at(-1) ?? "", parts.slice(0, -1).join(".")];
    return isDnsLabel(namespace) && isDnsSubdomain(service) ? { namespace, name: service } : undefined;
  };
}

/** Exactly NAME.NAMESPACE.DOMAIN: a vault whose name has a dot is not served, since no Service can have that name. */
function vaultBelow(domain: string, host: string): VaultPlace | undefined {
  if (!host.endsWith(`.${domain}`)) return undefined;
  const [name = "", namespace = "", ...others] = host.slice(0, -domain.length - 1).split(".");
  if (others.length > 0 || !isDnsLabel(name) || !isDnsLabel(namespace)) return undefined;
  return { namespace, name, sharedAudience: vaultDomainAudience(domain) };
}

/** RFC 9110 §7.2: the host without regard to case, and a port that says nothing here. */
function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, "");
}
