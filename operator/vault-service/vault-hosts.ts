import type { ProtectedResource } from "../../identity/protected-resource.ts";
import type { Store } from "../../kube/store.ts";
import type { Stored } from "../../kube/stored.ts";
import type { CertificatesOptions, VaultHosts } from "../certificates/context.ts";
import { vaultHostOf } from "./vault-host.ts";
import { withinLimits } from "./vault-limits.ts";

export interface ServedHosts extends VaultHosts {
  /** Whether this vault has a certificate. */
  has(host: string): boolean;
}

type Domains = Pick<CertificatesOptions, "clusterDomain" | "vaultDomain">;

/** The vaults that are served, each with a certificate of its own: as many as the limits allow, the oldest first. */
export function vaultHosts(
  protectedResources: Pick<Store<Stored<ProtectedResource>>, "subscribe" | "values">,
  installedIn: string,
  domains: Domains,
): ServedHosts {
  const listeners: (() => void)[] = [];
  let known: ReadonlySet<string> | undefined;

  protectedResources.subscribe((change) => {
    const now = change.type === "delete" ? undefined : change.object;
    const before = change.type === "delete" ? change.object : change.previous;
    if (vaultHostOf(now, installedIn).kind === vaultHostOf(before, installedIn).kind) return;
    known = undefined;
    for (const listener of listeners) listener();
  });

  const hosts = (): ReadonlySet<string> => {
    known ??= servedHosts(protectedResources.values(), installedIn);
    return known;
  };
  return {
    has: (host) => hosts().has(host),
    byHost: () => new Map([...hosts()].map((host) => [host, namesOf(host, domains)])),
    onChange: (listener) => void listeners.push(listener),
  };
}

function namesOf(host: string, { clusterDomain, vaultDomain }: Domains): readonly string[] {
  const names = [host, `${host}.${clusterDomain}`];
  return vaultDomain === undefined ? names : [...names, host.replace(/svc$/, vaultDomain)];
}

function servedHosts(resources: Iterable<Stored<ProtectedResource>>, installedIn: string): ReadonlySet<string> {
  const vaults = [...resources].flatMap((resource) => {
    const found = vaultHostOf(resource, installedIn);
    return found.kind === "host" ? [{ ...found, age: ageKey(resource.metadata) }] : [];
  });
  const oldestFirst = vaults.sort((a, b) => (a.age < b.age ? -1 : 1));
  return new Set(withinLimits(oldestFirst).map(({ host }) => host));
}

const ageKey = ({ creationTimestamp = "", uid }: { creationTimestamp?: string | undefined; uid: string }): string =>
  `${creationTimestamp} ${uid}`;
