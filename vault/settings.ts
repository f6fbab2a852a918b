import type { ObjectKey } from "../kube/kind.ts";
import type { Rate } from "../kube/token-bucket.ts";
import { vaultLimits } from "./limits.ts";

/** Where a request arrived. */
export interface RequestAddress {
  /** The Host header. */
  readonly host: string | undefined;
  /** The port of this machine that the connection is to. */
  readonly localPort: number;
}

/** The ProtectedResource that a request means, and the name by which it is called. */
export interface VaultPlace extends ObjectKey {
  /** The audience that all vaults below the installation's domain share, where the request is to a host below it. */
  readonly sharedAudience?: string;
}

/** Undefined when there is no such place. */
export type VaultAt = (address: RequestAddress) => VaultPlace | undefined;

export interface VaultSettings {
  /** Where values are kept, as Secrets: a namespace that is the vault process's alone. */
  readonly namespace: string;
  /** The `iss` of tokens: a client that shows none is sent there. */
  readonly issuerUrl: string;
  readonly vaultAt: VaultAt;
  /** The namespace that Lanyard is installed in: only a resource there makes the shared audience known. */
  readonly installedIn?: string | undefined;
  readonly storageLimits: StorageLimits;
  readonly rateLimits: {
    /** Before a token is looked at. */
    readonly perAddress: Rate;
    /** Before the issuer is asked, by the verified identity and by the verified namespace of its pod. */
    readonly perPrincipal: Rate;
    readonly perNamespace: Rate;
  };
}

/** What vaults may hold. Deleted secrets count until they are purged; orphaned ones count to their namespace. */
export interface StorageLimits {
  readonly secretsPerVault: number;
  readonly secretsPerNamespace: number;
  readonly bytesPerVault: number;
  readonly bytesPerNamespace: number;
  readonly versionsPerSecret: number;
}

export const defaultStorageLimits: StorageLimits = {
  secretsPerVault: vaultLimits.secretsPerVault,
  secretsPerNamespace: vaultLimits.secretsPerNamespace,
  bytesPerVault: vaultLimits.bytesPerVault,
  bytesPerNamespace: vaultLimits.bytesPerNamespace,
  versionsPerSecret: vaultLimits.versionsPerSecret,
};

export const defaultRateLimits: VaultSettings["rateLimits"] = {
  perAddress: {
    perSecond: vaultLimits.requestsPerSecondPerAddress,
    burst: vaultLimits.requestBurstPerAddress,
  },
  perPrincipal: {
    perSecond: vaultLimits.requestsPerSecondPerPrincipal,
    burst: vaultLimits.requestBurstPerPrincipal,
  },
  perNamespace: {
    perSecond: vaultLimits.requestsPerSecondPerNamespace,
    burst: vaultLimits.requestBurstPerNamespace,
  },
};
