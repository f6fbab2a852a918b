import type { ProtectedResource } from "../../identity/protected-resource.ts";
import type { Store } from "../../kube/store.ts";
import type { Stored } from "../../kube/stored.ts";
import type { VaultHosts } from "../certificates/context.ts";
import { vaultHostOf } from "./vault-host.ts";

/** Clients take a list of certificates of up to 100 KB (OpenSSL's max_cert_list); each vault has two names in it. */
export const MOST_HOSTS = 500;

/** The names that the vaults' certificate has beside its Service's: of so many vaults, the oldest. */
export function vaultHosts(
  protectedResources: Store<Stored<ProtectedResource>>,
  installedIn: string,
  clusterDomain: string,
): VaultHosts {
  return {
    names() {
      const oldestFirst = [...protectedResources.values()].sort((a, b) =>
        ageKey(a.metadata) < ageKey(b.metadata) ? -1 : 1,
      );
      const hosts = oldestFirst.flatMap((resource) => {
        const found = vaultHostOf(resource, installedIn);
        return found.kind === "host" ? [found.host] : [];
      });
      return hosts.slice(0, MOST_HOSTS).flatMap((host) => [host, `${host}.${clusterDomain}`]);
    },
    onChange(listener) {
      protectedResources.subscribe((change) => {
        const now = change.type === "delete" ? undefined : change.object;
        const before = change.type === "delete" ? change.object : change.previous;
        if (vaultHostOf(now, installedIn).kind !== vaultHostOf(before, installedIn).kind) listener();
      });
    },
  };
}

const ageKey = ({ creationTimestamp = "", uid }: { creationTimestamp?: string | undefined; uid: string }): string =>
  `${creationTimestamp} ${uid}`;
