const DAY_MS = 86_400_000;
const MOST_VERSIONS = 25;

interface PlainSecret {
  /** From the oldest to the newest. */
  readonly versions: { readonly value: string; enabled: boolean }[];
  /** When it is deleted: until when it can be recovered. */
  goneAt: number | undefined;
}

/** What a vault should hold, said as plainly as can be. Each step is true when the vault should take it. */
export class PlainVault {
  readonly #secrets = new Map<string, PlainSecret>();

  set(name: string, value: string): boolean {
    const known = this.#secrets.get(name.toLowerCase());
    if (known?.goneAt !== undefined) return false;
    const versions = [...(known?.versions ?? []), { value, enabled: true }].slice(-MOST_VERSIONS);
    this.#secrets.set(name.toLowerCase(), { versions, goneAt: undefined });
    return true;
  }

  update(name: string, enabled: boolean): boolean {
    const newest = this.inUse(name)?.versions.at(-1);
    if (newest === undefined) return false;
    newest.enabled = enabled;
    return true;
  }

  delete(name: string, now: number): boolean {
    const known = this.inUse(name);
    if (known === undefined) return false;
    known.goneAt = now + 7 * DAY_MS;
    return true;
  }

  recover(name: string): boolean {
    const known = this.deleted(name);
    if (known === undefined) return false;
    known.goneAt = undefined;
    return true;
  }

  purge(name: string): boolean {
    return this.deleted(name) !== undefined && this.#secrets.delete(name.toLowerCase());
  }

  /** What is over at that time is gone. */
  at(now: number): void {
    for (const [name, { goneAt }] of this.#secrets) {
      if (goneAt !== undefined && goneAt <= now) this.#secrets.delete(name);
    }
  }

  inUse(name: string): PlainSecret | undefined {
    const known = this.#secrets.get(name.toLowerCase());
    return known?.goneAt === undefined ? known : undefined;
  }

  deleted(name: string): PlainSecret | undefined {
    const known = this.#secrets.get(name.toLowerCase());
    return known?.goneAt === undefined ? undefined : known;
  }

  get namesInUse(): string[] {
    return [...this.#secrets.keys()].filter((name) => this.inUse(name) !== undefined).sort();
  }

  get size(): number {
    return this.#secrets.size;
  }
}
