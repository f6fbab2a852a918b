import { readFile } from "node:fs/promises";
import { installation } from "../../identity/names.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import { watchObject } from "../../kube/watched-object.ts";
import { vaultErrorBody } from "../../vault/http.ts";
import { issuerAuthority } from "../../vault/issuer/issuer-authority.ts";
import { issuerTransport } from "../../vault/issuer/issuer-transport.ts";
import { defaultRateLimits, type StorageLimits } from "../../vault/settings.ts";
import { sniCertificates } from "../../vault/sni-certificates.ts";
import { startVault } from "../../vault/vault.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { vaultAudit } from "./audit-sinks.ts";
import { issuerTrust } from "./issuer-trust.ts";
import type { ServingOptions } from "./options.ts";
import type { ProcessContext, Running } from "./run-process.ts";
import { serveTls } from "./serve-tls.ts";

export interface VaultProcessOptions extends ServingOptions {
  readonly secretsNamespace: string;
  readonly issuerUrl: string;
  readonly issuerServiceUrl?: string;
  readonly issuerTokenFile: string;
  readonly clusterDomain: string;
  readonly vaultDomain?: string;
  readonly secretsPerVault: number;
  readonly secretsPerNamespace: number;
  readonly mebibytesPerVault: number;
  readonly mebibytesPerNamespace: number;
  readonly versionsPerSecret: number;
}

const MiB = 1024 * 1024;

function storageLimitsOf(options: VaultProcessOptions): StorageLimits {
  const { secretsPerVault, secretsPerNamespace, versionsPerSecret } = options;
  return {
    ...{ secretsPerVault, secretsPerNamespace, versionsPerSecret },
    bytesPerVault: options.mebibytesPerVault * MiB,
    bytesPerNamespace: options.mebibytesPerNamespace * MiB,
  };
}

export function startVaultProcess(options: VaultProcessOptions) {
  return async (context: ProcessContext): Promise<Running> => {
    const { api, clock, log, metrics, namespace } = context;
    const name = installation.vaultServingSecret;
    const serving = watchObject({ api, clock, log }, secrets, { namespace, name });
    const transport = issuerTransport({
      url: options.issuerServiceUrl ?? options.issuerUrl,
      readToken: () => readFile(options.issuerTokenFile, "utf8"),
      readTrust: issuerTrust(serving),
      clock,
    });
    const certificates = watchObject({ api, clock, log }, secrets, {
      ...{ namespace, name: installation.vaultCertificatesSecret },
    });
    const vaultAt = vaultAtService(options.clusterDomain, options.vaultDomain);
    const trail = vaultAudit(context);
    const vault = startVault({
      ...{ api, clock, log },
      audit(record) {
        metrics.vaultRequests.inc({ operation: record.operation, status: String(record.status) });
        trail.audit(record);
      },
      onOrphans: (count) => metrics.orphanedSecrets.set(count),
      authority: issuerAuthority({ transport, issuerUrl: options.issuerUrl, clock }),
      settings: {
        namespace: options.secretsNamespace,
        issuerUrl: options.issuerUrl,
        vaultAt,
        installedIn: namespace,
        rateLimits: defaultRateLimits,
        storageLimits: storageLimitsOf(options),
      },
    });
    const server = await serveTls(
      {
        ...{ context, name, options, errorBody: vaultErrorBody },
        certificateFor: sniCertificates(certificates, vaultAt, log),
      },
      vault.listener,
    );
    context.waitFor("the cluster's state");
    await vault.synced;
    return {
      async stop() {
        await server.stop();
        transport.close();
        await Promise.all([vault.stop(), serving.stop(), certificates.stop()]);
        trail.flush();
      },
    };
  };
}
