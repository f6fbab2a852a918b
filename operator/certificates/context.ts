import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import type { TrustBundle } from "../trust-bundle/trust-bundle.ts";
import type { Lifetimes } from "./lifetimes.ts";

export interface CertificatesOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** The namespace that Lanyard is installed in. */
  readonly namespace: string;
  readonly names: {
    readonly webhookService: string;
    readonly issuerService: string;
    /** Undefined where no vaults are served. */
    readonly vaultService?: string | undefined;
    readonly mutatingWebhookConfiguration: string;
    readonly validatingWebhookConfiguration: string;
  };
  /** What ends the name of every Service, after `svc`. */
  readonly clusterDomain: string;
  /** Vaults are also served at NAME.NAMESPACE of this domain. */
  readonly vaultDomain?: string | undefined;
  /** Who makes the certificates, and tells the API server of them. */
  readonly mode: "own" | "cert-manager";
  /** The vaults that have a certificate. */
  readonly vaultHosts?: VaultHosts;
  readonly lifetimes?: Lifetimes;
  /** Told of each certificate that is in use, by the name of its Secret. Milliseconds since the epoch. */
  readonly onExpiry?: (secret: string, notAfter: number) => void;
}

export interface VaultHosts {
  /** The names of each vault's certificate, by the vault's host. */
  byHost(): ReadonlyMap<string, readonly string[]>;
  /** Calls whenever `byHost` may be another. */
  onChange(listener: () => void): void;
}

export interface Certificates {
  readonly trustBundle: TrustBundle;
  /** Fulfilled once what there is has been read. */
  readonly synced: Promise<void>;
  /** Fulfilled when nothing is left to do; what is due later does not count. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What those who keep certificates of our own work with. */
export type CertificatesContext = Pick<CertificatesOptions, "api" | "clock" | "log" | "clusterDomain" | "vaultDomain"> &
  Required<Pick<CertificatesOptions, "lifetimes" | "onExpiry">>;

/** Brings what it keeps into order, and says when to look again: milliseconds since the epoch, or when something changes. */
export type Keep = () => Promise<number | undefined>;
