import { services } from "../../kube/cluster-kinds.ts";
import { startInformer } from "../../kube/informer.ts";
import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { startVaultServiceController } from "./controller.ts";
import type { ServedHosts } from "./vault-hosts.ts";

interface VaultServicesOptions {
  /** The namespace that Lanyard is installed in. */
  readonly namespace: string;
  readonly names: { readonly vaultService?: string | undefined };
  readonly clusterDomain: string;
  readonly hosts: ServedHosts;
}

/** Where vaults are served, watches Services and keeps those of the vaults; elsewhere says on each vault that it is not. */
export function startVaultServices(context: Context, options: VaultServicesOptions): Pick<WorkQueue, "idle" | "stop"> {
  const { api, clock, log } = context;
  const { namespace: installedIn, names, clusterDomain, hosts } = options;
  if (names.vaultService === undefined) return startVaultServiceController(context, { installedIn, served: undefined });
  const target = `${names.vaultService}.${installedIn}.svc.${clusterDomain}`;
  const informer = startInformer(api, services, { clock, log });
  let controller: WorkQueue | undefined;
  let isStopped = false;
  // Before, a Service that somebody made would look like one that is not there.
  const started = informer.synced.then(() => {
    if (isStopped) return;
    const served = { target, services: informer.store, hosts };
    controller = startVaultServiceController(context, { installedIn, served });
  });
  return {
    async idle() {
      await started;
      await controller?.idle();
    },
    async stop() {
      isStopped = true;
      await controller?.stop();
      await informer.stop();
    },
  };
}
