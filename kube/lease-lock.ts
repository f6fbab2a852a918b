import type { KubeApi, Manifest } from "./api.ts";
import type { Clock } from "./clock.ts";
import { type Lease, leases } from "./cluster-kinds.ts";
import { microTime } from "./micro-time.ts";
import { isStatus } from "./status-error.ts";

export interface LeaseLockOptions {
  readonly api: Pick<KubeApi, "get" | "create" | "apply">;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** Of this process, unlike that of every other one. */
  readonly identity: string;
  readonly leaseDurationSeconds: number;
}

const FIELD_MANAGER = "lanyard-leader-election";

/**
 * A lock that several processes want and one has, kept in a Lease. Who else's it is may be taken only when it was not
 * renewed for its whole duration, counted from when this process saw the last renewal: clocks need not agree.
 */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  /** As this process last wrote it, so that a renewal need not read it first. */
  #held: Lease | undefined;
  #seenVersion: string | undefined;
  #isExpired = false;
  #cancelExpiry = (): void => {};

  constructor(options: LeaseLockOptions) {
    this.#options = options;
  }

  /** Takes or renews the lock; false while somebody else has it. Rejects with a `StatusError`: then nothing is known. */
  async take(): Promise<boolean> {
    const held = this.#held;
    this.#held = undefined;
    try {
      const lease = held ?? (await this.#read());
      if (lease !== undefined && this.#isOthers(lease)) return false;
      this.#held = await this.#write(lease);
      return true;
    } catch (error) {
      if (isStatus(error, "Conflict") || isStatus(error, "AlreadyExists")) return false;
      throw error;
    }
  }

  /** Gives the lock back, so that the next one need not wait until it expires. */
  async release(): Promise<void> {
    this.#cancelExpiry();
    const lease = this.#held;
    this.#held = undefined;
    if (lease === undefined) return;
    const manifest = this.#manifest({ ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1 }, lease);
    await this.#options.api.apply(leases, manifest, { fieldManager: FIELD_MANAGER, force: true });
  }

  async #read(): Promise<Lease | undefined> {
    const { api, namespace, name } = this.#options;
    try {
      return await api.get(leases, { namespace, name });
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  #isOthers(lease: Lease): boolean {
    this.#observe(lease);
    const holder = lease.spec?.holderIdentity ?? "";
    return holder !== "" && holder !== this.#options.identity && !this.#isExpired;
  }

  #observe({ metadata: { resourceVersion }, spec }: Lease): void {
    if (resourceVersion === this.#seenVersion) return;
    this.#seenVersion = resourceVersion;
    this.#isExpired = false;
    this.#cancelExpiry();
    const seconds = spec?.leaseDurationSeconds ?? this.#options.leaseDurationSeconds;
    this.#cancelExpiry = this.#options.clock.after(seconds * 1000, () => {
      this.#isExpired = true;
    });
  }

  /** Only over the version that was read: of two that take it at once, one gets a Conflict. */
  #write(lease: Lease | undefined): Promise<Lease> {
    const { api, clock, identity, leaseDurationSeconds } = this.#options;
    const now = microTime(clock.now());
    const { holderIdentity, acquireTime, leaseTransitions } = lease?.spec ?? {};
    const renewed = { holderIdentity: identity, leaseDurationSeconds, renewTime: now };
    if (lease === undefined)
      return api.create(leases, this.#manifest({ ...renewed, acquireTime: now, leaseTransitions: 0 }));
    const isRenewal = holderIdentity === identity;
    const spec = {
      ...renewed,
      acquireTime: isRenewal ? (acquireTime ?? now) : now,
      leaseTransitions: (leaseTransitions ?? 0) + (isRenewal ? 0 : 1),
    };
    return api.apply(leases, this.#manifest(spec, lease), { fieldManager: FIELD_MANAGER, force: true });
  }

  #manifest(spec: NonNullable<Lease["spec"]>, over?: Lease): Manifest {
    const { namespace, name } = this.#options;
    const version = over === undefined ? {} : { resourceVersion: over.metadata.resourceVersion };
    return { apiVersion: leases.apiVersion, kind: leases.kind, metadata: { namespace, name, ...version }, spec };
  }
}
