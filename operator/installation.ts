import { injection } from "../identity/names.ts";
import { configMaps } from "../kube/cluster-kinds.ts";
import { startInformer } from "../kube/informer.ts";
import { startCertificates } from "./certificates/certificates.ts";
import type { CertificatesOptions } from "./certificates/context.ts";
import type { Context } from "./context.ts";
import { startGateController } from "./gate/controller.ts";
import { startQueue } from "./reconcile-queue.ts";
import { applyBuiltInRoles } from "./role-definition/apply-built-in-roles.ts";
import { createSigningKeys } from "./signing-keys/create-signing-keys.ts";
import { startTrustBundleController } from "./trust-bundle/controller.ts";
import { startUninjectedController } from "./uninjected/controller.ts";
import { vaultHosts } from "./vault-service/vault-hosts.ts";
import { startVaultServices } from "./vault-service/vault-services.ts";

/** Where and how Lanyard is installed in a cluster. `lanyard dev` has no such thing. */
export interface InstallationOptions
  extends Pick<
    CertificatesOptions,
    "namespace" | "names" | "clusterDomain" | "vaultDomain" | "mode" | "lifetimes" | "onExpiry"
  > {
  /** The namespace that holds the secrets of vaults, also while no vaults are served. */
  readonly vaultNamespace?: string | undefined;
  /** Told how many pods of a namespace were created without injection and wait for repair, whenever the number is another. */
  readonly onUninjected?: (namespace: string, pods: number) => void;
}

export interface Installation {
  /** Fulfilled once what there is has been read, and the controllers run. */
  readonly synced: Promise<void>;
  /** Fulfilled when nothing is left to do; what is due later does not count. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What the processes and the injected pods of a cluster need: keys, certificates, and trust in them. */
export function startInstallation(context: Context, options: InstallationOptions): Installation {
  const { api, clock, log } = context;
  const { namespace: installedIn, onUninjected = () => {} } = options;
  const hosts = vaultHosts(context.watches.protectedResources, installedIn, options);
  const certificates = startCertificates({ ...{ api, clock, log, ...options }, vaultHosts: hosts });
  const bundles = startInformer(api, configMaps, { clock, log, name: injection.trustBundle });
  const signingKeys = startQueue(context, "signing-keys", async (namespace) => {
    const outcome = await createSigningKeys(api, namespace);
    if (outcome === "created") log.info({ namespace }, "Keys to sign access tokens with were made.");
  });
  signingKeys.add(installedIn);
  const builtInRoles = startQueue(context, "built-in-roles", () => applyBuiltInRoles(api, log));
  builtInRoles.add("all");
  const uninjected = startUninjectedController(context, { installedIn, onUninjected });
  const vaultServices = startVaultServices(context, { ...options, hosts });
  const queues = [signingKeys, builtInRoles, uninjected, startGateController(context)];
  let isStopped = false;

  const synced = Promise.all([certificates.synced, bundles.synced]).then(() => {
    if (isStopped) return;
    const { trustBundle } = certificates;
    queues.push(startTrustBundleController(context, { trustBundle, configMaps: bundles.store, installedIn }));
  });

  return {
    synced,
    async idle() {
      await synced;
      await Promise.all([certificates.idle(), vaultServices.idle()]);
      await Promise.all(queues.map((queue) => queue.idle()));
    },
    async stop() {
      isStopped = true;
      const parts = [...queues, certificates, vaultServices];
      await Promise.all([...parts.map((part) => part.stop()), bundles.stop()]);
    },
  };
}
