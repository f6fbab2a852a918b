import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Informer, startInformer } from "../../kube/informer.ts";
import type { Log } from "../../kube/log.ts";
import type { SecretOutline, VaultReference } from "../secret/secret.ts";
import { type StoredOutline, storedOutlines } from "./stored-secret.ts";

interface SecretIndexOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
}

/** How long a write waits to be seen here. Should the watch be broken, a list is behind until it is back. */
const LONGEST_WAIT_MS = 1_000;

const BY_VAULT = "vault";

/** Every secret without its values, by vault: what lists are made from, and what is due to be purged. */
export class SecretIndex {
  readonly #informer: Informer<StoredOutline>;
  readonly #namespace: string;
  readonly #clock: Clock;

  constructor({ api, clock, log, namespace }: SecretIndexOptions) {
    this.#namespace = namespace;
    this.#clock = clock;
    this.#informer = startInformer(api, storedOutlines, {
      ...{ clock, log, namespace },
      indexes: { [BY_VAULT]: ({ outline }) => (outline === undefined ? [] : [outline.vault.uid]) },
    });
  }

  get synced(): Promise<void> {
    return this.#informer.synced;
  }

  of({ uid }: Pick<VaultReference, "uid">): SecretOutline[] {
    return this.#informer.store.by(BY_VAULT, uid).flatMap(({ outline }) => outline ?? []);
  }

  all(): SecretOutline[] {
    return [...this.#informer.store.values()].flatMap(({ outline }) => outline ?? []);
  }

  onChange(listener: () => void): () => void {
    return this.#informer.store.subscribe(listener);
  }

  /**
   * Resolves when a write of this process has come back through the watch, so that whoever wrote a secret finds it in
   * the next list. `version` is that of the object written; undefined when it was removed.
   */
  seen(name: string, version: string | undefined): Promise<void> {
    const { store } = this.#informer;
    const isSeen = (): boolean => store.get({ namespace: this.#namespace, name })?.metadata.resourceVersion === version;
    if (isSeen()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        unsubscribe();
        resolve();
      };
      const cancel = this.#clock.after(LONGEST_WAIT_MS, finish);
      const unsubscribe = store.subscribe(() => {
        if (isSeen()) finish();
      });
    });
  }

  stop(): Promise<void> {
    return this.#informer.stop();
  }
}
