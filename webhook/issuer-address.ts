import { isIP } from "node:net";
import type { Clock } from "../kube/clock.ts";

export interface IssuerAddressOptions {
  readonly url: string;
  /** Rejects if the name does not resolve. */
  readonly lookup: (host: string) => Promise<{ readonly address: string }>;
  readonly clock: Clock;
}

export interface IssuerAddress {
  /** Undefined until the name has resolved once. */
  current(): string | undefined;
  stop(): void;
}

const REFRESH_MILLISECONDS = 60_000;

/**
 * Keeps the address of the issuer's Service, which is passed to sidecars for pods whose own resolver does not know names
 * of the cluster. While the name does not resolve, the last address stays.
 */
export function watchIssuerAddress({ url, lookup, clock }: IssuerAddressOptions): IssuerAddress {
  const { hostname } = new URL(url);
  let address: string | undefined;
  let isStopped = false;
  let cancel = (): void => {};

  async function refresh(): Promise<void> {
    address = await lookup(hostname).then(
      (found) => found.address,
      () => address,
    );
    if (!isStopped) cancel = clock.after(REFRESH_MILLISECONDS, () => void refresh());
  }

  // An address in the URL needs no other.
  if (isIP(hostname.replace(/^\[|\]$/g, "")) === 0) void refresh();
  return {
    current: () => address,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
