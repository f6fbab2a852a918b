import type { Clock } from "../kube/clock.ts";
import type { Audit, refusedRecord } from "./audit.ts";
import { issuerLimits } from "./limits.ts";

type Refusal = ReturnType<typeof refusedRecord>;

interface Repeated {
  readonly first: Refusal;
  count: number;
  readonly addresses: Set<string>;
  readonly cancel: () => void;
}

/**
 * Refusals of requests that proved no pod. Anyone can cause them, so that each reason of an endpoint has one record at
 * once, and after a minute one that counts the others and names some of their addresses.
 */
export class RefusalDigest {
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #repeated = new Map<string, Repeated>();

  constructor(audit: Audit, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
  }

  add(record: Refusal): void {
    const name = `${record.endpoint} ${record.reason}`;
    const known = this.#repeated.get(name);
    if (known === undefined) {
      this.#audit(record);
      const cancel = this.#clock.after(issuerLimits.refusalDigestMs, () => this.#close(name));
      this.#repeated.set(name, { first: record, count: 0, addresses: new Set(), cancel });
      return;
    }
    known.count += 1;
    if (known.addresses.size < issuerLimits.refusalDigestAddresses) known.addresses.add(record.sourceAddress);
  }

  /** Writes what was counted so far. */
  stop(): void {
    for (const [name, { cancel }] of [...this.#repeated]) {
      cancel();
      this.#close(name);
    }
  }

  #close(name: string): void {
    const known = this.#repeated.get(name);
    this.#repeated.delete(name);
    if (known === undefined || known.count === 0) return;
    const { first, count, addresses } = known;
    const time = new Date(this.#clock.now()).toISOString();
    this.#audit({ ...first, time, since: first.time, count, sourceAddresses: [...addresses] });
  }
}
