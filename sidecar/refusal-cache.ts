import { BoundedMap } from "./bounded-map.ts";
import type { Refusal } from "./refusals.ts";

/** So short that a corrected role assignment is felt at once, yet an application that asks in a loop reaches the issuer once a second. */
const KEPT_FOR_MILLISECONDS = 1000;

/** The last refusals by token key. */
export class RefusalCache {
  readonly #refusals: BoundedMap<{ readonly refusal: Refusal; readonly until: number }>;

  constructor(limit: number) {
    this.#refusals = new BoundedMap(limit);
  }

  /** `now` in milliseconds since the epoch. */
  get(key: string, now: number): Refusal | undefined {
    const kept = this.#refusals.get(key);
    if (kept === undefined) return undefined;
    if (now < kept.until) return kept.refusal;
    this.#refusals.delete(key);
    return undefined;
  }

  set(key: string, refusal: Refusal, now: number): void {
    this.#refusals.set(key, { refusal, until: now + KEPT_FOR_MILLISECONDS });
  }
}
