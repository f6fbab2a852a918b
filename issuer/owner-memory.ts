import type { Clock } from "../kube/clock.ts";
import { type KubeObject, keyText } from "../kube/kind.ts";
import { issuerLimits } from "./limits.ts";
import type { ObjectReader } from "./object-reader.ts";

type OwnerReader = ObjectReader<KubeObject>;
type Key = Parameters<OwnerReader["read"]>[0];

interface Remembered {
  readonly owner: KubeObject;
  /** Milliseconds since the epoch: until then the API is not asked. */
  freshUntil: number;
}

/**
 * Remembers owners of pods that are not watched here. A remembered owner is read again once it is older than
 * `ownerFreshMs`. While the API server fails, or is slower than `ownerAnswerMs`, the remembered owner stays in use, like
 * the objects in the stores: an outage of the API server must not become an outage of the pods below these owners.
 */
export class OwnerMemory {
  readonly #clock: Clock;
  /** A Map keeps the order of insertion: the owner that was read longest ago is the first one. */
  readonly #owners = new Map<string, Remembered>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#owners.size;
  }

  /** Returns the reader with this memory in front of it. `kind` tells its objects from those of other readers. */
  inFrontOf(reader: OwnerReader, kind: string): OwnerReader {
    return { read: (key) => this.#read(reader, key, `${kind} ${keyText(key)} ${key.uid}`) };
  }

  async #read(reader: OwnerReader, key: Key, asked: string): Promise<KubeObject | undefined> {
    const known = this.#owners.get(asked);
    if (known !== undefined && this.#clock.now() < known.freshUntil) return known.owner;
    const read = this.#readNow(reader, key, asked);
    if (known === undefined) return read;
    const late = Promise.withResolvers<KubeObject>();
    const cancel = this.#clock.after(issuerLimits.ownerAnswerMs, () => late.resolve(this.#keepUsing(known)));
    return Promise.race([read, late.promise])
      .catch(() => this.#keepUsing(known))
      .finally(cancel);
  }

  async #readNow(reader: OwnerReader, key: Key, asked: string): Promise<KubeObject | undefined> {
    const owner = await reader.read(key);
    this.#owners.delete(asked);
    if (owner?.metadata.uid === key.uid) this.#remember(asked, owner);
    return owner;
  }

  /** Keeps the references to owners, and none of what may be long. */
  #remember(asked: string, { metadata, ...owner }: KubeObject): void {
    const short = { ...metadata, annotations: undefined, labels: undefined, finalizers: undefined };
    this.#owners.set(asked, { owner: { ...owner, metadata: short }, freshUntil: this.#freshUntil() });
    if (this.#owners.size <= issuerLimits.ownersInMemory) return;
    for (const oldest of this.#owners.keys().take(1)) this.#owners.delete(oldest);
  }

  /** Later requests do not wait for the API server either, until it is time to ask it again. */
  #keepUsing(known: Remembered): KubeObject {
    known.freshUntil = this.#freshUntil();
    return known.owner;
  }

  #freshUntil(): number {
    return this.#clock.now() + issuerLimits.ownerFreshMs;
  }
}
