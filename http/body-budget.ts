/** The bytes that one request body holds of the budget. */
export interface BodyShare {
  /** Charges bytes that arrived. False if they do not fit and no other body gives way: the body is refused. */
  charge(bytes: number): boolean;
  /** The body is whole: from now on it does not give way to others. */
  complete(): void;
  /** Gives the bytes back. */
  release(): void;
}

interface Holder {
  readonly address: string;
  readonly giveWay: () => void;
  bytes: number;
  receiving: boolean;
}

/**
 * Bounds the bytes of request bodies that a process holds at a time. When the budget is full, the address that holds
 * most in unfinished bodies gives way with its oldest one, so that one client cannot keep the others out.
 */
export class BodyBudget {
  readonly #limitBytes: number;
  /** In the order in which they began. */
  readonly #holders = new Set<Holder>();
  #heldBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** `giveWay` is called at most once, if the body has to make room for others; its bytes are given back before. */
  open(address: string, giveWay: () => void): BodyShare {
    const holder: Holder = { address, giveWay, bytes: 0, receiving: true };
    this.#holders.add(holder);
    return {
      charge: (bytes) => this.#charge(holder, bytes),
      complete: () => {
        holder.receiving = false;
      },
      release: () => this.#release(holder),
    };
  }

  #charge(holder: Holder, bytes: number): boolean {
    if (!this.#holders.has(holder)) return false;
    holder.bytes += bytes;
    this.#heldBytes += bytes;
    while (this.#heldBytes > this.#limitBytes) {
      const victim = this.#oldestOfHeaviest();
      if (victim === undefined || victim === holder) {
        this.#release(holder);
        return false;
      }
      this.#release(victim);
      victim.giveWay();
    }
    return true;
  }

  #release(holder: Holder): void {
    if (this.#holders.delete(holder)) this.#heldBytes -= holder.bytes;
  }

  #oldestOfHeaviest(): Holder | undefined {
    const byAddress = new Map<string, { oldest: Holder; bytes: number }>();
    for (const holder of this.#holders) {
      if (!holder.receiving) continue;
      const known = byAddress.get(holder.address);
      if (known === undefined) byAddress.set(holder.address, { oldest: holder, bytes: holder.bytes });
      else known.bytes += holder.bytes;
    }
    let heaviest: { oldest: Holder; bytes: number } | undefined;
    for (const candidate of byAddress.values()) {
      if (heaviest === undefined || candidate.bytes > heaviest.bytes) heaviest = candidate;
    }
    return heaviest?.oldest;
  }
}
