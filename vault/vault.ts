import { randomUUID } from "node:crypto";
import type { Listener } from "../http/connections.ts";
import { TENANT_NAMESPACE } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { namespaces } from "../kube/kinds.ts";
import type { Log } from "../kube/log.ts";
import { watchObject } from "../kube/watched-object.ts";
import type { VaultAudit } from "./audit.ts";
import type { Authority } from "./authority.ts";
import { createListener } from "./http.ts";
import { requestHandler } from "./request-handler.ts";
import type { VaultReference } from "./secret/secret.ts";
import type { VaultSettings } from "./settings.ts";
import { startPurgeSchedule } from "./storage/purge-schedule.ts";
import { Quota } from "./storage/quota.ts";
import { SecretIndex } from "./storage/secret-index.ts";
import { SecretStore } from "./storage/secret-store.ts";
import { VaultDirectory } from "./vault-directory.ts";

export interface VaultOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: VaultAudit;
  readonly authority: Authority;
  readonly settings: VaultSettings;
  /** Told how many secrets have no vault: they are kept, and served to nobody. */
  readonly onOrphans?: (secrets: number) => void;
  /** Makes the id of a version: 32 hexadecimal digits. */
  readonly newVersion?: () => string;
}

export interface Vault {
  /** Fulfilled once requests are answered; until then each gets 503. */
  readonly synced: Promise<void>;
  readonly isReady: () => boolean;
  /** For an HTTPS server of `http/server.ts`: clients of Key Vault talk to no other. */
  readonly listener: Listener;
  stop(): Promise<void>;
}

/** Every vault of the cluster: watches which there are, keeps their secrets, and answers requests. */
export function startVault({ newVersion = randomVersion, ...options }: VaultOptions): Vault {
  const { api, clock, log, settings } = options;
  const { namespace, installedIn } = settings;
  const directory = new VaultDirectory({ api, clock, log, installedIn });
  const index = new SecretIndex({ api, clock, log, namespace });
  const quota = new Quota(index, settings.storageLimits);
  const store = new SecretStore({ api, clock, namespace, index, quota });
  const tenant = watchObject({ api, clock, log }, namespaces, { name: TENANT_NAMESPACE });

  let schedule: { stop(): void } | undefined;
  const synced = Promise.all([directory.synced, index.synced, tenant.synced]).then(() => {
    if (schedule !== undefined) return;
    const isThere = (vault: VaultReference): boolean => directory.has(vault);
    const started = startPurgeSchedule({ clock, log, index, store, isThere, onOrphans: options.onOrphans });
    schedule = started;
    directory.onChange(started.check);
  });
  const tenantId = (): string => tenant.get()?.metadata.uid ?? "";
  const isReady = (): boolean => schedule !== undefined && tenantId() !== "";
  const handle = requestHandler({ ...options, newVersion, directory, index, store, tenantId, isReady });
  return {
    synced,
    isReady,
    listener: createListener({ handle, clock, log }),
    async stop() {
      await Promise.all([directory.stop(), index.stop(), tenant.stop()]);
      await synced;
      schedule?.stop();
    },
  };
}

/** The id of a version. */
export const randomVersion = (): string => randomUUID().replaceAll("-", "");
