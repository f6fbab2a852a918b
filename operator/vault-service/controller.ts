import type { KubeApi } from "../../kube/api.ts";
import { type Service, services } from "../../kube/cluster-kinds.ts";
import { keyText } from "../../kube/kind.ts";
import { protectedResources } from "../../kube/kinds.ts";
import type { Store } from "../../kube/store.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { hasManagedLabel } from "../managed-label.ts";
import { parseKeyText } from "../object-name.ts";
import { fails, holds } from "../observation.ts";
import { startQueue } from "../reconcile-queue.ts";
import { onEach } from "../store-changes.ts";
import { unlessGone } from "../unless-gone.ts";
import { writeOwnCondition } from "../write-own-condition.ts";
import { FIELD_MANAGER } from "../write-status.ts";
import { decideService, type ServiceStep } from "./reconcile.ts";
import { vaultHostOf } from "./vault-host.ts";
import type { ServedHosts } from "./vault-hosts.ts";

const VAULT_SERVED = "VaultServed";

interface Serving {
  /** The namespace that Lanyard is installed in. */
  readonly installedIn: string;
  /** Undefined where no vaults are served. */
  readonly served: Served | undefined;
}

interface Served {
  /** The domain name of the Service behind which vaults are served. */
  readonly target: string;
  /** All Services. */
  readonly services: Store<Service>;
  readonly hosts: ServedHosts;
}

/** Vaults that come and go together are looked at once. */
const BATCH_MS = 1_000;

/** Gives each vault a Service of its name, and says on the vault whether it can be reached. */
export function startVaultServiceController(context: Context, { installedIn, served }: Serving): WorkQueue {
  const { api, watches } = context;

  const queue = startQueue(context, "vault-service", async (key) => {
    const name = parseKeyText(key);
    const resource = watches.protectedResources.get(name);
    const vault = vaultHostOf(resource, installedIn);
    const uid = resource?.metadata.uid ?? "";
    const isCertified = vault.kind === "host" && served?.hosts.has(vault.host) === true;
    const service = served?.services.get(name);
    const decision = decideService({ vault, isCertified, uid, service, target: served?.target });
    await carryOut(api, decision.step);
    if (resource === undefined || resource.metadata.deletionTimestamp !== undefined) return;
    const { finding, holds: isServed } = decision;
    const observation = finding && (isServed ? holds : fails)(VAULT_SERVED, finding);
    const condition = { type: VAULT_SERVED, observation, manager: "vault-service" };
    await writeOwnCondition(context, protectedResources, resource, condition);
  });

  onEach(watches.protectedResources, ({ object }) => queue.add(keyText(object.metadata)));
  if (served !== undefined) {
    onEach(served.services, ({ object }) => {
      const key = { namespace: object.metadata.namespace, name: object.metadata.name };
      // Most Services of a cluster have nothing to do with a vault.
      if (hasManagedLabel(object) || watches.protectedResources.get(key) !== undefined) queue.add(keyText(key));
    });
    served.hosts.onChange(() => {
      for (const resource of watches.protectedResources.values()) {
        const isVault = vaultHostOf(resource, installedIn).kind === "host";
        if (isVault) queue.addAfter(keyText(resource.metadata), BATCH_MS);
      }
    });
  }
  return queue;
}

/** Of a Service that somebody has just made, which the cache does not know, the API server says Conflict or AlreadyExists. */
async function carryOut(api: KubeApi, step: ServiceStep): Promise<void> {
  if (step.kind === "create") await api.create(services, step.manifest);
  if (step.kind === "write") await api.apply(services, step.manifest, { fieldManager: FIELD_MANAGER, force: true });
  if (step.kind === "delete") {
    const { namespace, name, uid, resourceVersion } = step.service.metadata;
    await unlessGone(api.delete(services, { namespace, name }, { preconditions: { uid, resourceVersion } }));
  }
}
