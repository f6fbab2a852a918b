import type { Clock } from "../../kube/clock.ts";
import type { ObjectKey } from "../../kube/kind.ts";
import { protectedResources } from "../../kube/kinds.ts";
import { issueAuthority, issueServing } from "../../operator/certificates/issue-certificate.ts";
import { issuerAuthority } from "../../vault/issuer/issuer-authority.ts";
import { issuerTransport } from "../../vault/issuer/issuer-transport.ts";
import { defaultRateLimits, defaultStorageLimits } from "../../vault/settings.ts";
import { startVault } from "../../vault/vault.ts";
import type { Environment } from "../../webhook/environment.ts";
import type { CleanUp } from "./clean-up.ts";
import { type FirstSecret, putFirstSecrets } from "./first-secrets.ts";
import { devVaultNamespace, type Plane } from "./plane.ts";
import { devLog, type Report } from "./reports.ts";
import type { VaultAddress } from "./vault-fetch.ts";
import { VaultServers } from "./vault-servers.ts";
import { writeVaultTrust } from "./vault-trust.ts";
import { ensurePod, ensureReferenced } from "./virtual-pod.ts";
import type { WorkloadReference } from "./workload-reference.ts";

export interface VaultsOptions {
  /** Port of the first vault; the next ones follow. Any free port when left out. */
  readonly port?: number | undefined;
  /** The shell's variables: what it trusts is trusted still. */
  readonly shell: Environment;
  /** What the vaults begin with; nothing when left out. */
  readonly secrets?: readonly FirstSecret[];
}

/** The vaults of the files, each over HTTPS at a port of this machine. */
export interface Vaults {
  /** Brings up what the files have had added. */
  follow(): Promise<void>;
  /** Once the files have been applied. */
  putFirstSecrets(): Promise<void>;
  announce(): void;
  /** Where a vault is served; undefined when no file has it. */
  readonly at: (vault: ObjectKey) => VaultAddress | undefined;
  /** What a program needs to find the vaults and to trust them. */
  readonly environment: () => Readonly<Record<string, string>>;
}

interface Running {
  readonly plane: Plane;
  readonly clock: Clock;
  readonly report: Report;
  readonly cleanUp: CleanUp;
}

/** As in a cluster, the vault is a process with an account of its own, and secrets are in its own namespace. */
const self: WorkloadReference = { by: "serviceAccount", namespace: devVaultNamespace, name: "vault" };
const CERTIFICATE_LIFE_MS = 365 * 86_400_000;

export async function startVaults({ port, shell, secrets = [] }: VaultsOptions, running: Running): Promise<Vaults> {
  const { plane, clock, report, cleanUp } = running;
  const { api, issuerUrl } = plane;
  const { authority, serving } = await certificates(clock.now());
  const trust = await writeVaultTrust(authority, shell);
  cleanUp.add(trust.remove);
  const transport = issuerTransport({ url: issuerUrl, readToken: await selfToken(running), clock });
  cleanUp.add(async () => transport.close());
  const servers = new VaultServers({ certificate: serving, firstPort: port, trust: trust.environment, report });
  const vault = startVault({
    ...{ api, clock, log: devLog(report), authority: issuerAuthority({ transport, issuerUrl, clock }) },
    audit: (record) => report({ event: "secret", record }),
    settings: {
      namespace: self.namespace,
      issuerUrl,
      vaultAt: servers.vaultAt,
      rateLimits: defaultRateLimits,
      storageLimits: defaultStorageLimits,
    },
  });
  cleanUp.add(() => vault.stop());
  cleanUp.add(() => servers.close());
  await vault.synced;
  return {
    follow: async () => servers.follow((await api.list(protectedResources)).items, vault.listener),
    putFirstSecrets: () => putFirstSecrets(secrets, { api, clock, namespace: self.namespace }),
    announce: () => servers.announce(),
    at(vault) {
      const port = servers.portOf(vault);
      return port === undefined ? undefined : { port, ca: authority };
    },
    environment: () => servers.environment,
  };
}

/** An authority that is made for this run and signs one certificate; its key is kept nowhere. */
async function certificates(now: number) {
  const validity = { notBefore: now - 60_000, notAfter: now + CERTIFICATE_LIFE_MS };
  const authority = await issueAuthority({ ...validity, domains: ["localhost"] });
  return {
    authority: authority.cert,
    serving: await issueServing({ ...validity, authority, dnsNames: ["localhost"] }),
  };
}

/** The token of the vault's own pod for the issuer, as a projected volume has it. */
async function selfToken({ plane: { api, clusterTokens }, clock }: Running): Promise<() => Promise<string>> {
  await ensureReferenced(api, self);
  return async () => {
    const running = await ensurePod(api, self);
    if (running === undefined) throw new Error("the vault's own ServiceAccount is gone");
    return clusterTokens.podToken(running.pod, running.serviceAccount, clock.now());
  };
}
