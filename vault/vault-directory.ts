import { audienceOwners, canonicalAudience } from "../identity/audience.ts";
import { softDeleteDays } from "../identity/protected-resource.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { type Informer, startInformer } from "../kube/informer.ts";
import type { Log } from "../kube/log.ts";
import { audiencesOf, isUsableResource, type StoredResource, storedResources } from "../kube/stored-resource.ts";
import type { VaultReference } from "./secret/secret.ts";
import type { VaultPlace } from "./settings.ts";

/** A ProtectedResource that is a vault. */
export interface VaultResource extends VaultReference {
  /** Those that it owns: a token for an audience that belongs to another resource is none for this vault. */
  readonly audiences: readonly string[];
  /** The audience that the vault shares with all others below the installation's domain, where it is called by that name. */
  readonly shared?: { readonly audience: string; readonly isRegistered: boolean };
  readonly recoverableDays: number;
}

interface DirectoryOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** The namespace that Lanyard is installed in. */
  readonly installedIn?: string | undefined;
}

/** Which vaults there are. */
export class VaultDirectory {
  readonly #informer: Informer<StoredResource>;
  readonly #installedIn: string | undefined;
  /** By canonical audience; undefined after a change, until somebody asks. */
  #owners: ReadonlyMap<string, StoredResource> | undefined;

  constructor({ api, clock, log, installedIn }: DirectoryOptions) {
    this.#installedIn = installedIn;
    this.#informer = startInformer(api, storedResources, { clock, log });
    this.#informer.store.subscribe(() => {
      this.#owners = undefined;
    });
  }

  get synced(): Promise<void> {
    return this.#informer.synced;
  }

  at({ sharedAudience, ...key }: VaultPlace): VaultResource | undefined {
    const resource = this.#informer.store.get(key);
    if (resource === undefined || !isUsableResource(resource)) return undefined;
    const { metadata, spec } = resource;
    if (spec.vault === undefined || metadata.deletionTimestamp !== undefined) return undefined;
    const { uid, namespace, name } = metadata;
    return {
      ...{ uid, namespace, name },
      audiences: this.#owned(uid),
      ...(sharedAudience !== undefined && {
        shared: { audience: sharedAudience, isRegistered: this.#isRegistered(sharedAudience) },
      }),
      recoverableDays: softDeleteDays(spec.vault),
    };
  }

  /** Whether the resource is there, also when it breaks a rule or is no vault any more: what it keeps is then kept. */
  has({ uid, namespace, name }: VaultReference): boolean {
    return this.#informer.store.get({ namespace, name })?.metadata.uid === uid;
  }

  onChange(listener: () => void): () => void {
    return this.#informer.store.subscribe(listener);
  }

  stop(): Promise<void> {
    return this.#informer.stop();
  }

  /**
   * A resource of a tenant that owned the shared audience could receive tokens for it from its own clients, and show
   * them to the vaults: so only the installation's own namespace can make it known.
   */
  #isRegistered(sharedAudience: string): boolean {
    const owner = this.#allOwners().get(canonicalAudience(sharedAudience));
    return owner !== undefined && isUsableResource(owner) && owner.metadata.namespace === this.#installedIn;
  }

  #allOwners(): ReadonlyMap<string, StoredResource> {
    this.#owners ??= audienceOwners(this.#informer.store.values(), audiencesOf);
    return this.#owners;
  }

  /** In their canonical spelling. */
  #owned(uid: string): string[] {
    return [...this.#allOwners()].flatMap(([audience, owner]) => (owner.metadata.uid === uid ? [audience] : []));
  }
}
