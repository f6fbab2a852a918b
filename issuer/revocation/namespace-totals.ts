import type { RevocationTime } from "../../identity/known-revocations.ts";
import type { KubeObject } from "../../kube/kind.ts";
import type { Store } from "../../kube/store.ts";

/** Revocations that are older than the newest one by more than this were certainly known when a token names the newest. */
const MINUTE_SECONDS = 60;
const DIGEST_SIZE = 2 ** 48;

interface OfSecond {
  count: number;
  /** The UIDs of its revocations, added up: the order in which they came does not matter, and one can be taken out. */
  sum: number;
}

/** How many TokenRevocations each namespace has, and one revocation that stands for all of them. */
export class NamespaceTotals {
  readonly #namespaces = new Map<string, NamespaceTotal>();

  constructor(store: Pick<Store<KubeObject>, "subscribe">) {
    store.subscribe((change) => {
      const { namespace = "" } = change.object.metadata;
      if (change.type === "delete") this.#remove(namespace, change.object);
      else if (change.previous === undefined) this.#add(namespace, change.object);
    });
  }

  /**
   * Undefined up to `most`. Beyond it, one that concerns every token of the namespace, and differs from each of its
   * revocations: a token that names it was issued in the knowledge of all that there are.
   */
  ofTooMany(namespace: string, most: number): RevocationTime | undefined {
    const total = this.#namespaces.get(namespace);
    return total !== undefined && total.count > most ? total.asOne() : undefined;
  }

  #add(namespace: string, revocation: RevocationTime): void {
    const total = this.#namespaces.get(namespace) ?? new NamespaceTotal();
    total.add(revocation);
    this.#namespaces.set(namespace, total);
  }

  #remove(namespace: string, revocation: RevocationTime): void {
    const total = this.#namespaces.get(namespace);
    total?.remove(revocation);
    if (total?.count === 0) this.#namespaces.delete(namespace);
  }
}

class NamespaceTotal {
  count = 0;
  /** By the second since the epoch in which they were created. */
  readonly #seconds = new Map<number, OfSecond>();
  #latest = 0;

  add(revocation: RevocationTime): void {
    const { second, id } = partsOf(revocation);
    const found = this.#seconds.get(second) ?? { count: 0, sum: 0 };
    found.count += 1;
    found.sum = (found.sum + id) % DIGEST_SIZE;
    this.#seconds.set(second, found);
    this.#latest = Math.max(this.#latest, second);
    this.count += 1;
  }

  remove(revocation: RevocationTime): void {
    const { second, id } = partsOf(revocation);
    const found = this.#seconds.get(second);
    if (found === undefined) return;
    found.count -= 1;
    found.sum = (found.sum + DIGEST_SIZE - id) % DIGEST_SIZE;
    this.count -= 1;
    if (found.count > 0) return;
    this.#seconds.delete(second);
    if (second === this.#latest) this.#latest = this.#seconds.keys().reduce((a, b) => Math.max(a, b), 0);
  }

  asOne(): RevocationTime {
    // The digest of one revocation is not its own id.
    let digest = 1;
    for (let second = this.#latest - MINUTE_SECONDS; second <= this.#latest; second++) {
      digest = (digest + (this.#seconds.get(second)?.sum ?? 0)) % DIGEST_SIZE;
    }
    const creationTimestamp = new Date(this.#latest * 1000).toISOString();
    return { metadata: { uid: digest.toString(16).padStart(12, "0"), creationTimestamp } };
  }
}

function partsOf({ metadata }: RevocationTime): { readonly second: number; readonly id: number } {
  const second = Math.floor(Date.parse(metadata.creationTimestamp) / 1000);
  return { second, id: Number.parseInt(metadata.uid.replaceAll("-", "").slice(0, 12), 16) || 0 };
}
