import type { ObjectKey } from "../kube/kind.ts";
import type { Rate } from "../kube/token-bucket.ts";

/** Where a request arrived. */
export interface RequestAddress {
  /** The Host header. */
  readonly host: string | undefined;
  /** The port of this machine that the connection is to. */
  readonly localPort: number;
}

/** The ProtectedResource that a request means; undefined when there is no such place. */
export type VaultAt = (address: RequestAddress) => ObjectKey | undefined;

export interface VaultSettings {
  /** Where values are kept, as Secrets: a namespace that is the vault process's alone. */
  readonly namespace: string;
  /** The `iss` of tokens: a client that shows none is sent there. */
  readonly issuerUrl: string;
  readonly vaultAt: VaultAt;
  readonly rateLimits: {
    /** Before anything is asked of the issuer, so that nobody takes the vault's share there with tokens that are none. */
    readonly perAddress: Rate;
    readonly perPrincipal: Rate;
  };
}

export const defaultRateLimits: VaultSettings["rateLimits"] = {
  perAddress: { perSecond: 200, burst: 1000 },
  perPrincipal: { perSecond: 100, burst: 500 },
};
