import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Informer, startInformer } from "../../kube/informer.ts";
import type { Log } from "../../kube/log.ts";
import type { VaultReference } from "../secret/secret.ts";
import { type IndexedObject, type IndexedSecret, indexedSecrets } from "./indexed-secret.ts";
import { objectNameOf } from "./stored-secret.ts";

interface SecretIndexOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
}

/** How long a write waits to be seen here. Should the watch be broken, a list is behind until it is back. */
const LONGEST_WAIT_MS = 1_000;

const BY_VAULT = "vault";
const BY_NAMESPACE = "namespace";

/** What a vault or a namespace holds. */
export interface Usage {
  /** Deleted ones too, as long as they can be recovered. */
  readonly secrets: number;
  readonly bytes: number;
}

/** Every secret without its values, by vault: for lists, limits, and the schedule of what is due to be purged. */
export class SecretIndex {
  readonly #informer: Informer<IndexedObject>;
  readonly #namespace: string;
  readonly #clock: Clock;

  constructor({ api, clock, log, namespace }: SecretIndexOptions) {
    this.#namespace = namespace;
    this.#clock = clock;
    this.#informer = startInformer(api, indexedSecrets, {
      ...{ clock, log, namespace },
      indexes: {
        [BY_VAULT]: ({ indexed }) => (indexed === undefined ? [] : [indexed.vault.uid]),
        [BY_NAMESPACE]: ({ indexed }) => (indexed === undefined ? [] : [indexed.vault.namespace]),
      },
    });
  }

  get synced(): Promise<void> {
    return this.#informer.synced;
  }

  of({ uid }: Pick<VaultReference, "uid">): IndexedSecret[] {
    return this.#informer.store.by(BY_VAULT, uid).flatMap(({ indexed }) => indexed ?? []);
  }

  /** The secret of this name, and the version of the object that holds it. */
  find(vault: Pick<VaultReference, "uid">, name: string): (IndexedSecret & { resourceVersion: string }) | undefined {
    const found = this.#informer.store.get({ namespace: this.#namespace, name: objectNameOf(vault, name) });
    return found?.indexed && { ...found.indexed, resourceVersion: found.metadata.resourceVersion };
  }

  usageOf(vault: Pick<VaultReference, "uid">): Usage {
    return usage(this.of(vault));
  }

  /** Orphaned secrets count to the namespace that their vault had. */
  usageOfNamespace(namespace: string): Usage {
    return usage(this.#informer.store.by(BY_NAMESPACE, namespace).flatMap(({ indexed }) => indexed ?? []));
  }

  all(): IndexedSecret[] {
    return [...this.#informer.store.values()].flatMap(({ indexed }) => indexed ?? []);
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

const usage = (secrets: readonly IndexedSecret[]): Usage => ({
  secrets: secrets.length,
  bytes: secrets.reduce((sum, { bytes }) => sum + bytes, 0),
});
