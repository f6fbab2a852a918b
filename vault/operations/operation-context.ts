import type { Clock } from "../../kube/clock.ts";
import type { BundleContext } from "../protocol/bundle.ts";
import type { SecretIndex } from "../storage/secret-index.ts";
import type { SecretStore } from "../storage/secret-store.ts";
import type { VaultResource } from "../vault-directory.ts";

/** What an operation works with. */
export interface OperationContext {
  readonly vault: VaultResource;
  readonly store: SecretStore;
  readonly index: Pick<SecretIndex, "of" | "find">;
  readonly clock: Clock;
  /** The most versions that a secret keeps. */
  readonly mostVersions: number;
  /** Charges the caller for more work than that of one request: it waits before its next requests. */
  readonly charge: (requests: number) => void;
  /** Makes the id of a version: 32 hexadecimal digits. */
  readonly newVersion: () => string;
  /** `https://HOST`, as the client wrote it. */
  readonly base: string;
  readonly body: string;
  readonly ifNoneMatch: string | undefined;
}

/** The reply to an operation that was done; `version` is the one that it was about. */
export interface Done {
  readonly status: 200 | 204 | 304;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  readonly etag?: string;
}

/** What a reply is written with. */
export const bundleContext = ({ base, vault }: OperationContext): BundleContext => ({
  base,
  recoverableDays: vault.recoverableDays,
});
